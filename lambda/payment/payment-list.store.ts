import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Tenant } from '../kernel/tenant';
import type { Payment } from './payment';
import { lists, paymentFromRow, paymentKey } from './payment-row';

/** The last payment of a page: the next one goes on after it. */
export type PaymentMark = Pick<Payment, 'paymentId' | 'createdAt'>;

/** Which payments: a tenant's or one customer's. */
export type PaymentSelection = {
  readonly tenant: Tenant;
  readonly userId?: string | undefined;
  readonly limit: number;
  readonly after?: PaymentMark | undefined;
};

/** `next` is missing on the last page. */
export type PaymentPage = { readonly items: readonly Payment[]; readonly next?: PaymentMark };

type Payments = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Row = Record<string, unknown>;

const listOf = ({ tenant, userId }: PaymentSelection) =>
  userId === undefined
    ? { index: 'byTenant', name: 'tenantList', value: lists.byTenant(tenant) }
    : { index: 'byCustomer', name: 'customerList', value: lists.byCustomer(tenant, userId) };

const startOf = (selection: PaymentSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { paymentId: paymentKey(tenant, after.paymentId), createdAt: after.createdAt, [name]: value };
};

const keysOf = async ({ table, db }: Payments, selection: PaymentSelection): Promise<string[]> => {
  const { index, name, value } = listOf(selection);
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': name },
      ExpressionAttributeValues: { ':list': value },
      ScanIndexForward: false,
      Limit: selection.limit + 1, // one more tells whether there is a next page
      ExclusiveStartKey: startOf(selection),
    }),
  );
  return Items.map(({ paymentId }) => String(paymentId));
};

const batchSize = 100; // a page of 100 reads one more

const readAll = async ({ table, db }: Payments, keys: readonly Row[]): Promise<Row[]> => {
  if (keys.length === 0) return [];
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys.slice(0, batchSize) } } }),
  );
  const left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(batchSize)];
  return [...(Responses?.[table] ?? []), ...(await readAll({ table, db }, left))];
};

/** Reads one page, newest first. Payments are never deleted, so each key of the index has its row. */
export const listPayments = async (payments: Payments, selection: PaymentSelection): Promise<PaymentPage> => {
  const keys = await keysOf(payments, selection);
  const wanted = keys.slice(0, selection.limit).map((paymentId) => ({ paymentId }));
  const rows = new Map((await readAll(payments, wanted)).map((row) => [String(row.paymentId), row]));
  const items = wanted.flatMap(({ paymentId }) => (rows.has(paymentId) ? [paymentFromRow(rows.get(paymentId))] : []));
  const last = items.at(-1);
  if (keys.length <= selection.limit || last === undefined) return { items };
  return { items, next: { paymentId: last.paymentId, createdAt: last.createdAt } };
};
