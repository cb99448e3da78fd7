import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ReturnStatus } from '../contracts/return-status';
import { isTransactionConflict } from '../kernel/dynamodb/dynamodb';
import { pageOfIndex } from '../kernel/dynamodb/index-list';
import { retry } from '../kernel/retry';
import { idOfKey, type Tenant, tenantKey } from '../kernel/tenant';
import type { DeliveredOrder, Return } from './return';
import { lists, orderFromRow, orderKey, returnFromRow, returnKey, rowOfOrder, rowOfReturn } from './return-row';

/** A claim on an idempotency key: kept in the same transaction as the return that it stands for. */
export type Claim = { readonly key: string; readonly requestHash: string; readonly expiresAt: Date };

/** What the request that made a claim asked, and the return that it got. */
export type ClaimHolder = { readonly requestHash: string; readonly returnId: string };

/** What became of a new return. `changed`: another one of the same order was first, so load and decide again. */
export type RequestOutcome = 'stored' | 'changed' | { readonly claimedBy: ClaimHolder };

type Returns = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

const claimKey = (tenant: Tenant, key: string) => tenantKey(tenant, `IDEMPOTENCY#${key}`);

const putNew = ({ table }: Returns, Item: Record<string, unknown>) => ({
  TableName: table,
  Item,
  ConditionExpression: 'attribute_not_exists(returnId)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

/** The next version, written only over the one that it builds on. */
const putNext = ({ table }: Returns, Item: Record<string, unknown> & { version: number }) => ({
  TableName: table,
  Item,
  ConditionExpression: 'version = :previous',
  ExpressionAttributeValues: { ':previous': Item.version - 1 },
});

const claimRow = ({ tenant, returnId }: Return, { key, requestHash, expiresAt }: Claim) => ({
  returnId: claimKey(tenant, key),
  requestHash,
  claimedReturnId: returnId,
  expiresAt: Math.floor(expiresAt.getTime() / 1000),
});

const holderOf = ({ requestHash, claimedReturnId }: Record<string, unknown>): ClaimHolder => ({
  requestHash: String(requestHash),
  returnId: String(claimedReturnId),
});

const read = async ({ table, db }: Returns, returnId: string): Promise<Record<string, unknown> | undefined> => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: { returnId }, ConsistentRead: true }));
  return Item;
};

const note = async (returns: Returns, order: DeliveredOrder): Promise<void> => {
  try {
    await returns.db.send(new PutCommand(putNew(returns, rowOfOrder(order))));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error; // noted already
  }
};

/** Sends one transaction; answers with why it was cancelled when another write was first. */
const transact = async ({ db }: Returns, TransactItems: Actions): Promise<TransactionCanceledException | undefined> => {
  const write = new TransactWriteCommand({ TransactItems });
  try {
    await retry(() => db.send(write), isTransactionConflict);
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error;
    throw error;
  }
};

const request = async (
  returns: Returns,
  given: Return,
  order: DeliveredOrder,
  claim?: Claim,
): Promise<RequestOutcome> => {
  const claimed: Actions = claim === undefined ? [] : [{ Put: putNew(returns, claimRow(given, claim)) }];
  const refused = await transact(returns, [
    { Put: putNext(returns, rowOfOrder(order)) },
    { Put: putNew(returns, rowOfReturn(given)) },
    ...claimed,
  ]);
  if (refused === undefined) return 'stored';
  const holder = refused.CancellationReasons?.[2]?.Item;
  return holder === undefined ? 'changed' : { claimedBy: holderOf(unmarshall(holder)) };
};

const saveAlone = async (returns: Returns, next: Return): Promise<boolean> => {
  try {
    await retry(() => returns.db.send(new PutCommand(putNext(returns, rowOfReturn(next)))), isTransactionConflict);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const save = async (returns: Returns, next: Return, order?: DeliveredOrder): Promise<boolean> => {
  if (order === undefined) return saveAlone(returns, next);
  const refused = await transact(returns, [
    { Put: putNext(returns, rowOfReturn(next)) },
    { Put: putNext(returns, rowOfOrder(order)) },
  ]);
  return refused === undefined;
};

/** The table of returns, and of what of each delivered order may still be returned. Every write checks the version. */
export const returnStore = (table: string, db: DynamoDBDocumentClient) => {
  const returns = { table, db };
  return {
    /** Notes a delivered order, unless it is noted already. */
    note: (order: DeliveredOrder): Promise<void> => note(returns, order),

    /** A delivered order; nothing when it is not delivered, or there is none. */
    order: async (tenant: Tenant, orderId: string): Promise<DeliveredOrder | undefined> => {
      const row = await read(returns, orderKey(tenant, orderId));
      return row === undefined ? undefined : orderFromRow(row);
    },

    /** Reads one return as it is now. */
    get: async (tenant: Tenant, returnId: string): Promise<Return | undefined> => {
      const row = await read(returns, returnKey(tenant, returnId));
      return row === undefined ? undefined : returnFromRow(row);
    },

    /** Stores a new return, its order without what it takes, and the claim. All of it or nothing. */
    request: (given: Return, order: DeliveredOrder, claim?: Claim): Promise<RequestOutcome> =>
      request(returns, given, order, claim),

    /** Who holds the claim on an idempotency key, if anybody does. */
    claimedBy: async (tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => {
      const row = await read(returns, claimKey(tenant, key));
      return row === undefined ? undefined : holderOf(row);
    },

    /** Writes the next version, with its order where that changes. False when somebody else wrote first. */
    save: (next: Return, order?: DeliveredOrder): Promise<boolean> => save(returns, next, order),

    /** One page of returns, newest first. */
    list: (selection: ReturnSelection): Promise<ReturnPage> => listReturns(returns, selection),
  };
};

export type ReturnStore = ReturnType<typeof returnStore>;

/** The last return of a page: the next one goes on after it. */
export type ReturnMark = Pick<Return, 'returnId' | 'requestedAt'>;

/** Which returns: a tenant's or one customer's, in any status or in one. */
export type ReturnSelection = {
  readonly tenant: Tenant;
  readonly userId?: string | undefined;
  readonly status?: ReturnStatus | undefined;
  readonly limit: number;
  readonly after?: ReturnMark | undefined;
};

/** `next` is missing on the last page. */
export type ReturnPage = { readonly items: readonly Return[]; readonly next?: ReturnMark };

type Row = Record<string, unknown>;

/** The index that has just these returns, or the fewest too many: customers have few. */
const listOf = ({ tenant, userId, status }: ReturnSelection) => {
  if (userId !== undefined)
    return { index: 'byCustomer', name: 'customerList', value: lists.byCustomer(tenant, userId) };
  if (status !== undefined) return { index: 'byStatus', name: 'statusList', value: lists.byStatus(tenant, status) };
  return { index: 'byTenant', name: 'tenantList', value: lists.byTenant(tenant) };
};

const startOf = (selection: ReturnSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { returnId: returnKey(tenant, after.returnId), requestedAt: after.requestedAt, [name]: value };
};

const markOf = ({ returnId, requestedAt }: Row): ReturnMark => ({
  returnId: idOfKey(returnId),
  requestedAt: String(requestedAt),
});

/** Reads one page, those asked for last first. A customer's returns are in any status. */
export const listReturns = async (returns: Returns, selection: ReturnSelection): Promise<ReturnPage> => {
  const { status, limit } = selection;
  const isListed = (one: Return) => status === undefined || one.status === status;
  const list = { ...returns, ...listOf(selection), key: 'returnId', fromRow: returnFromRow, isListed };
  const { items, last } = await pageOfIndex(list, limit, startOf(selection));
  return last === undefined ? { items } : { items, next: markOf(last) };
};
