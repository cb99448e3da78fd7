import type { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { guest } from '../../lambda/kernel/http/caller';
import type { Request } from '../../lambda/kernel/http/route';
import { defaultTenant, type Tenant } from '../../lambda/kernel/tenant';
import type { Intent } from './shop';

type Sent = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** What the path names. */
  readonly named?: string;
};

const requestOf = (caller: Pick<Request, 'caller' | 'scope'>, { body, headers = {}, named = '' }: Sent): Request => ({
  ...caller,
  header: (name) => (name === 'content-type' ? 'application/json' : headers[name]),
  pathParameter: () => named,
  query: {},
  body: body === undefined ? '' : JSON.stringify(body),
  sourceIp: '192.0.2.1',
  authorizer: undefined,
  correlationId: 'simulation',
  traceparent: undefined,
});

/** What a guest of a shop sends. */
export const guestRequest = (tenant: Tenant, sent: Sent): Request =>
  requestOf({ caller: guest(tenant), scope: 'own' }, sent);

/** What the staff of a shop send. */
export const staffRequest = (tenant: Tenant, sent: Sent): Request =>
  requestOf({ caller: { tenant, userId: 'staff-1', roles: ['staff'] }, scope: 'tenant' }, sent);

export const placeRequest = ({ id, tenant, idempotencyKey, items, paymentMethod }: Intent): Request =>
  guestRequest(tenant, {
    headers: { 'idempotency-key': idempotencyKey },
    body: { customerId: id, customerEmail: `${id}@example.com`, items, paymentMethod },
  });

/** What comes from nobody that we know: a webhook, with its body as it was signed. */
export const webhookRequest = (body: string, headers: Readonly<Record<string, string>>): Request => ({
  ...guestRequest(defaultTenant, { headers }),
  body,
});

type Placed = Pick<PlaceOrderResponse, 'orderId' | 'trackingToken'>;

export const trackingRequest = (tenant: Tenant, { orderId, trackingToken }: Placed): Request =>
  guestRequest(tenant, { headers: { 'x-tracking-token': trackingToken }, named: orderId });
