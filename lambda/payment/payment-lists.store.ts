import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { queryDue } from '../kernel/dynamodb/due-index';
import { pageOfIndex } from '../kernel/dynamodb/index-list';
import { idOfKey, parseTenantKey, type Tenant } from '../kernel/tenant';
import type { Payment, PaymentKey } from './domain/payment';
import { dueShards, lists, paymentFromRow, paymentKey } from './payment-row';

/** The last payment of a page; the next page starts after it. */
export type PaymentMark = Pick<Payment, 'paymentId' | 'createdAt'>;

/** Selects the payments of a tenant or of one customer. */
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

const markOf = ({ paymentId, createdAt }: Row): PaymentMark => ({
  paymentId: idOfKey(paymentId),
  createdAt: String(createdAt),
});

/** Returns one page, newest first. */
export const listPayments = async (payments: Payments, selection: PaymentSelection): Promise<PaymentPage> => {
  const list = { ...payments, ...listOf(selection), key: 'paymentId', fromRow: paymentFromRow, isListed: () => true };
  const { items, last } = await pageOfIndex(list, selection.limit, startOf(selection));
  return last === undefined ? { items } : { items, next: markOf(last) };
};

/** A payment that is due, and since when. */
export type DuePayment = PaymentKey & { readonly dueAt: string };

/** Returns the payments due by `until`, longest due first in each shard of the index. */
export const duePayments = (payments: Payments, until: Date, limit: number): Promise<DuePayment[]> => {
  const index = { ...payments, shards: dueShards, key: ['paymentId'] };
  return queryDue(index, { until, limit }, (item) => {
    const { tenant, id: paymentId } = parseTenantKey(String(item.paymentId));
    return { tenant, paymentId, dueAt: String(item.dueAt) };
  });
};
