import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ReturnStatus } from '../contracts/values/return-status';
import { type Claim, claimColumns, claimId } from '../kernel/dynamodb/claim';
import { batchGet, existingRow, putNew, putNext, transact, unlessRefused } from '../kernel/dynamodb/dynamodb';
import { pageOfIndex } from '../kernel/dynamodb/index-list';
import { idOfKey, type Tenant } from '../kernel/tenant';
import { type DeliveredOrder, type Return, returnIdsOf } from './return';
import { lists, orderFromRow, orderKey, orderToRow, returnFromRow, returnKey, returnToRow } from './return-row';

/** The hash of the request that made a claim, and the return that it created. */
export type ClaimHolder = { readonly requestHash: string; readonly returnId: string };

/** The outcome of storing a return. `changed` is a version conflict on the order: load and decide again. */
export type RequestOutcome = 'stored' | 'changed' | { readonly claimedBy: ClaimHolder };

type Returns = { readonly table: string; readonly db: DynamoDBDocumentClient };

const claimRow = ({ tenant, returnId }: Return, claim: Claim) => ({
  returnId: claimId(tenant, claim.key),
  ...claimColumns(claim),
  claimedReturnId: returnId,
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
    await returns.db.send(new PutCommand(putNew(returns.table, 'returnId', orderToRow(order))));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error; // stored already
  }
};

const request = async (
  { table, db }: Returns,
  given: Return,
  order: DeliveredOrder,
  claim?: Claim,
): Promise<RequestOutcome> => {
  const claimed = claim === undefined ? [] : [{ Put: putNew(table, 'returnId', claimRow(given, claim)) }];
  const cancelled = await transact(db, [
    { Put: putNext(table, orderToRow(order)) },
    { Put: putNew(table, 'returnId', returnToRow(given)) },
    ...claimed,
  ]);
  if (cancelled === undefined) return 'stored';
  const holder = existingRow(cancelled, 2);
  return holder === undefined ? 'changed' : { claimedBy: holderOf(holder) };
};

const save = async ({ table, db }: Returns, next: Return, order?: DeliveredOrder): Promise<boolean> => {
  const put = putNext(table, returnToRow(next));
  if (order === undefined) return unlessRefused(() => db.send(new PutCommand(put)));
  return (await transact(db, [{ Put: put }, { Put: putNext(table, orderToRow(order)) }])) === undefined;
};

const consistent = { ConsistentRead: true };

/** An order's returns are numbered, and its row says how many there are. */
const returnsOf = async ({ table, db }: Returns, tenant: Tenant, orderIds: readonly string[]): Promise<Return[]> => {
  const keys = orderIds.map((orderId) => ({ returnId: orderKey(tenant, orderId) }));
  const orders = (await batchGet(db, table, keys, consistent)).map(orderFromRow);
  const ids = orders.flatMap((order) =>
    returnIdsOf(order).map((returnId) => ({ returnId: returnKey(tenant, returnId) })),
  );
  return (await batchGet(db, table, ids, consistent)).map(returnFromRow);
};

/** Stores returns, and what may still be returned of each delivered order. Every update checks the previous version. */
export const returnStore = (table: string, db: DynamoDBDocumentClient) => {
  const returns = { table, db };
  return {
    /** Stores a delivered order, unless it is stored already. */
    note: (order: DeliveredOrder): Promise<void> => note(returns, order),

    /** Returns a delivered order, or undefined when it is unknown or not delivered. */
    order: async (tenant: Tenant, orderId: string): Promise<DeliveredOrder | undefined> => {
      const row = await read(returns, orderKey(tenant, orderId));
      return row === undefined ? undefined : orderFromRow(row);
    },

    /** Reads one return with a consistent read. */
    get: async (tenant: Tenant, returnId: string): Promise<Return | undefined> => {
      const row = await read(returns, returnKey(tenant, returnId));
      return row === undefined ? undefined : returnFromRow(row);
    },

    /** Stores a new return, its updated order and the claim in one transaction. */
    request: (given: Return, order: DeliveredOrder, claim?: Claim): Promise<RequestOutcome> =>
      request(returns, given, order, claim),

    /** Returns the holder of the claim on an idempotency key, or undefined when it is unclaimed. */
    claimedBy: async (tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => {
      const row = await read(returns, claimId(tenant, key));
      return row === undefined ? undefined : holderOf(row);
    },

    /** Writes the next version, and the order if it changes. Returns false on a version conflict. */
    save: (next: Return, order?: DeliveredOrder): Promise<boolean> => save(returns, next, order),

    /** Returns all returns of these orders. */
    ofOrders: (tenant: Tenant, orderIds: readonly string[]): Promise<Return[]> => returnsOf(returns, tenant, orderIds),

    /** Returns one page of returns, newest first. */
    list: (selection: ReturnSelection): Promise<ReturnPage> => listReturns(returns, selection),
  };
};

export type ReturnStore = ReturnType<typeof returnStore>;

/** The position of a return in a list. The next page starts after it. */
export type ReturnPosition = Pick<Return, 'returnId' | 'requestedAt'>;

/** Selects returns of a tenant or of one customer, in any status or in one. */
export type ReturnSelection = {
  readonly tenant: Tenant;
  readonly userId?: string | undefined;
  readonly status?: ReturnStatus | undefined;
  readonly limit: number;
  readonly after?: ReturnPosition | undefined;
};

/** `next` is undefined on the last page. */
export type ReturnPage = { readonly items: readonly Return[]; readonly next?: ReturnPosition };

type Row = Record<string, unknown>;

/** Returns the index that holds the fewest returns besides the selected ones. Customers have few returns. */
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

const positionOf = ({ returnId, requestedAt }: Row): ReturnPosition => ({
  returnId: idOfKey(returnId),
  requestedAt: String(requestedAt),
});

/** Reads one page, newest first. A customer's returns are filtered by status after reading. */
export const listReturns = async (returns: Returns, selection: ReturnSelection): Promise<ReturnPage> => {
  const { status, limit } = selection;
  const isListed = (one: Return) => status === undefined || one.status === status;
  const list = { ...returns, ...listOf(selection), key: 'returnId', fromRow: returnFromRow, isListed };
  const { items, last } = await pageOfIndex(list, limit, startOf(selection));
  return last === undefined ? { items } : { items, next: positionOf(last) };
};
