import type { OrderDelivered } from '../contracts/order-events';
import type { FieldError } from '../contracts/problem';
import type { RequestReturnRequest } from '../contracts/return-api';
import { accept, type Decision, reject } from '../kernel/decision';
import type { Origin } from '../kernel/http/caller';
import { trustedTenant } from '../kernel/tenant';
import { claim, type DeliveredOrder, leftOf, type Return } from './return';
import type { ReturnStore } from './return.store';

export type RequestRefusal = 'window-closed' | 'not-in-order' | 'more-than-left';

export type RequestRejection = { readonly refusal: RequestRefusal; readonly errors?: readonly FieldError[] };

/** What is known of a request for a return that its body does not say. */
export type RequestTerms = {
  readonly now: Date;
  /** For how many days after its delivery goods of an order may be given back. */
  readonly windowDays: number;
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
} & Origin;

/** The new return, and the order without what it takes. */
export type Requested = { readonly requested: Return; readonly order: DeliveredOrder };

const dayMs = 86_400_000;

type Item = RequestReturnRequest['items'][number];
type Check = readonly [RequestRefusal, keyof Item, (item: Item, left: number | undefined) => string | undefined];

/** What can be wrong with an item, in the order in which it is told. */
const checks: readonly Check[] = [
  [
    'not-in-order',
    'productId',
    ({ productId }, left) => (left === undefined ? `Product ${productId} is not part of the order` : undefined),
  ],
  [
    'more-than-left',
    'quantity',
    ({ quantity }, left = 0) => (quantity > left ? `of this product ${left} may still be returned` : undefined),
  ],
];

const wrongItems = (order: DeliveredOrder, items: readonly Item[]): RequestRejection | undefined => {
  const left = leftOf(order);
  for (const [refusal, field, wrong] of checks) {
    const errors = items.flatMap((item, index) => {
      const detail = wrong(item, left.get(item.productId));
      return detail === undefined ? [] : [{ pointer: `/items/${index}/${field}`, detail }];
    });
    if (errors.length > 0) return { refusal, errors };
  }
  return undefined;
};

/** `RET-000001-2` is the second return of `ORD-000001`. */
const returnIdOf = ({ orderId, returns }: DeliveredOrder) => `RET-${orderId.slice('ORD-'.length)}-${returns + 1}`;

const linesOf = (order: DeliveredOrder, items: readonly Item[]): Return['lines'] =>
  items.flatMap(({ productId, quantity }) => {
    const line = order.lines.find((one) => one.productId === productId);
    if (line === undefined) return [];
    const { claimed: _c, returned: _r, ...bought } = line;
    return [{ ...bought, quantity, lineTotal: bought.unitPrice * quantity }];
  });

/** Decides whether goods may be given back: in time, and no more of each than was delivered and is in no other return. */
export const requestReturn = (
  order: DeliveredOrder,
  { items, reason }: RequestReturnRequest,
  { now, windowDays, correlationId, ...cause }: RequestTerms,
): Decision<Requested, RequestRejection> => {
  const wrong = wrongItems(order, items);
  if (wrong !== undefined) return reject(wrong);
  if (now.getTime() > Date.parse(order.deliveredAt) + windowDays * dayMs) return reject({ refusal: 'window-closed' });
  const { tenant, orderId, userId, customerEmail, locale, currency } = order;
  const at = now.toISOString();
  const requested: Return = {
    ...{ tenant, orderId, userId, customerEmail, locale, currency, reason, correlationId },
    returnId: returnIdOf(order),
    lines: linesOf(order, items),
    status: 'REQUESTED',
    requestedAt: at,
    updatedAt: at,
    version: 1,
    fact: { type: 'ReturnRequested', ...cause },
  };
  return accept({ requested, order: claim(order, items) });
};

/** What is kept of an order that was delivered: nothing of it is in a return yet. */
export const deliveredOrder = ({ tenantid, data }: OrderDelivered): DeliveredOrder => {
  const { orderId, userId, customerEmail, locale, currency, lines, deliveredAt } = data;
  return {
    ...{ orderId, userId, customerEmail, locale, currency, deliveredAt },
    tenant: trustedTenant(tenantid),
    lines: lines.map((line) => ({ ...line, claimed: 0, returned: 0 })),
    returns: 0,
    version: 1,
  };
};

/** Notes what a delivered order holds. An order that is noted already stays as its returns have left it. */
export const noteDelivery =
  (returns: Pick<ReturnStore, 'note'>) =>
  (event: OrderDelivered): Promise<void> =>
    returns.note(deliveredOrder(event));
