import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { queryDue } from '../kernel/due-index';
import { parseTenantKey } from '../kernel/tenant';
import type { PaymentKey } from './payment';
import { dueShards } from './payment-row';

/** A payment that somebody must look at, and from when on. */
export type DuePayment = PaymentKey & { readonly dueAt: string };

type Payments = { readonly table: string; readonly db: DynamoDBDocumentClient };

/** The payments that are due by then, the longest due first in each shard of the index. */
export const duePayments = (payments: Payments, until: Date, limit: number): Promise<DuePayment[]> => {
  const index = { ...payments, shards: dueShards, key: ['paymentId'] };
  return queryDue(index, { until, limit }, (item) => {
    const { tenant, id: paymentId } = parseTenantKey(String(item.paymentId));
    return { tenant, paymentId, dueAt: String(item.dueAt) };
  });
};
