import type { Caller } from '../../lambda/kernel/http/caller';
import type { Route } from '../../lambda/kernel/http/route';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { getReturnRoute, listReturnsRoute } from '../../lambda/return/read-returns.http';
import { requestReturnRoute } from '../../lambda/return/request-return.http';
import type { DeliveredOrder } from '../../lambda/return/return';
import { returnStore } from '../../lambda/return/return.store';
import { updateReturnRoute } from '../../lambda/return/update-return.http';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { fixedKeys as keys } from '../support/key-ring';
import { onlySecret } from '../support/secrets';

const tenant = trustedTenant('shop-a');

/** Who calls in these tests. */
export const callers = {
  customer: { tenant, userId: 'customer-1', roles: ['customer'] },
  stranger: { tenant, userId: 'customer-2', roles: ['customer'] },
  staff: { tenant, userId: 'staff-1', roles: ['staff'] },
  otherStaff: { tenant: trustedTenant('shop-b'), userId: 'staff-1', roles: ['staff'] },
} as const satisfies Record<string, Caller>;
export type Who = keyof typeof callers;

type Sent = {
  readonly as?: Who;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly sourceIp?: string;
};

/** The API of returns over a table in memory. `clock.now` is the time. */
export const returnsApi = () => {
  const store = returnStore('returns', memoryDynamoDb().db);
  const clock = { now: new Date('2026-12-02T08:00:00.000Z') };
  const now = () => clock.now;
  const routes: Record<'requestReturn' | 'listReturns' | 'getReturn' | 'updateReturn', Route> = {
    requestReturn: requestReturnRoute({ returns: store, keys, windowDays: 30, now }),
    listReturns: listReturnsRoute({ returns: store, keys, cursorSecret: onlySecret('secret') }),
    getReturn: getReturnRoute({ returns: store, keys }),
    updateReturn: updateReturnRoute({ returns: store, keys, now }),
  };
  const send = (
    operation: keyof typeof routes,
    { as = 'staff', headers = {}, body, sourceIp }: Sent,
    rest: { pathParameters?: Record<string, string>; query?: Record<string, string> },
  ) =>
    call(routes[operation], {
      operation,
      caller: callers[as],
      sourceIp,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...rest,
    });
  return {
    store,
    clock,
    all: async () => (await store.list({ tenant, limit: 100 })).items,
    deliver: (order: DeliveredOrder) => store.note({ ...order, tenant }),
    ask: (sent: Sent & { readonly quantity?: number; readonly orderId?: string } = {}) => {
      const { quantity = 1, orderId = 'ORD-000001', ...rest } = sent;
      const body = { items: [{ productId: 'PROD-002', quantity }], reason: 'ボタンが反応しません' };
      return send('requestReturn', { as: 'customer', body, ...rest }, { pathParameters: { orderId } });
    },
    list: (query: Record<string, string> = {}, as: Who = 'staff') => send('listReturns', { as }, { query }),
    get: (returnId: string, sent: Sent = {}) => send('getReturn', sent, { pathParameters: { returnId } }),
    update: (returnId: string, body: unknown, sent: Sent = {}) =>
      send('updateReturn', { ...sent, body }, { pathParameters: { returnId } }),
  };
};
