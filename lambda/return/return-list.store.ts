import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ReturnStatus } from '../contracts/return-status';
import type { Tenant } from '../kernel/tenant';
import type { Return } from './return';
import { lists, returnFromRow, returnKey } from './return-row';

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

type Returns = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Row = Record<string, unknown>;

/** The index that has just these returns, or the fewest too many: customers have few. */
const listOf = ({ tenant, userId, status }: ReturnSelection) => {
  if (userId !== undefined)
    return { index: 'byCustomer', name: 'customerList', value: lists.byCustomer(tenant, userId) };
  if (status !== undefined) return { index: 'byStatus', name: 'statusList', value: lists.byStatus(tenant, status) };
  return { index: 'byTenant', name: 'tenantList', value: lists.byTenant(tenant) };
};

const keysOf = async ({ table, db }: Returns, selection: ReturnSelection, limit: number, from?: Row) => {
  const { index, name, value } = listOf(selection);
  const { Items = [], LastEvaluatedKey } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': name },
      ExpressionAttributeValues: { ':list': value },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: from,
    }),
  );
  return { keys: Items.map(({ returnId }) => String(returnId)), next: LastEvaluatedKey as Row | undefined };
};

const batchSize = 100; // a page of 100 reads one more, to know whether there is another

const readAll = async ({ table, db }: Returns, keys: readonly Row[]): Promise<Row[]> => {
  if (keys.length === 0) return [];
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys.slice(0, batchSize) } } }),
  );
  const left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(batchSize)];
  return [...(Responses?.[table] ?? []), ...(await readAll({ table, db }, left))];
};

/** The rows in the order of their keys. */
const inOrder = async (returns: Returns, keys: readonly string[]): Promise<Return[]> => {
  const rows = await readAll(
    returns,
    keys.map((returnId) => ({ returnId })),
  );
  const byKey = new Map(rows.map((row) => [String(row.returnId), row]));
  return keys.flatMap((key) => (byKey.has(key) ? [returnFromRow(byKey.get(key))] : []));
};

const startOf = (selection: ReturnSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { returnId: returnKey(tenant, after.returnId), requestedAt: after.requestedAt, [name]: value };
};

const markOf = ({ returnId, requestedAt }: Return): ReturnMark => ({ returnId, requestedAt });

/** Reads keys until the page is full: an index may be a moment behind, and a customer's returns are in any status. */
export const listReturns = async (returns: Returns, selection: ReturnSelection): Promise<ReturnPage> => {
  const { status, limit } = selection;
  const found: Return[] = [];
  let from = startOf(selection);
  do {
    const { keys, next } = await keysOf(returns, selection, limit + 1 - found.length, from);
    found.push(...(await inOrder(returns, keys)).filter((one) => status === undefined || one.status === status));
    from = next;
  } while (from !== undefined && found.length <= limit);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: markOf(last) } : { items };
};
