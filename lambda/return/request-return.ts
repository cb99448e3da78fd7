import type { FieldError } from '../contracts/api/problem';
import type { RequestReturnRequest } from '../contracts/api/return-api';
import type { OrderDelivered } from '../contracts/events/order-events';
import type { Sealed } from '../contracts/values/sealed';
import { accept, type Decision, reject } from '../kernel/decision';
import type { Origin } from '../kernel/http/caller';
import { trustedTenant } from '../kernel/tenant';
import { claim, type DeliveredOrder, leftOf, type Return, returnIdOf } from './return';
import type { ReturnStore } from './return.store';

export type RequestRefusal = 'window-closed' | 'not-in-order' | 'more-than-left';

export type RequestRejection = { readonly refusal: RequestRefusal; readonly errors?: readonly FieldError[] };

/** The data of a return request that does not come from its body. */
export type RequestTerms = {
  readonly now: Date;
  /** The sealed reason. */
  readonly reason: Sealed;
  /** The number of days after its delivery in which an order may be returned. */
  readonly windowDays: number;
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
} & Origin;

/** The new return, and the order with the returned quantities claimed. */
export type Requested = { readonly requested: Return; readonly order: DeliveredOrder };

const dayMs = 86_400_000;

type Item = RequestReturnRequest['items'][number];
type Check = readonly [RequestRefusal, keyof Item, (item: Item, left: number | undefined) => string | undefined];

/** The checks of an item. Only the violations of the first failing check are reported. */
const checks: readonly Check[] = [
  [
    'not-in-order',
    'productId',
    ({ productId }, left) => (left === undefined ? `Product ${productId} is not part of the order` : undefined),
  ],
  [
    'more-than-left',
    'quantity',
    ({ quantity }, left = 0) =>
      quantity > left ? `must be at most ${left}, which is what may still be returned` : undefined,
  ],
];

const rejectionOf = (order: DeliveredOrder, items: readonly Item[]): RequestRejection | undefined => {
  const left = leftOf(order);
  for (const [refusal, field, violation] of checks) {
    const errors = items.flatMap((item, index) => {
      const detail = violation(item, left.get(item.productId));
      return detail === undefined ? [] : [{ pointer: `/items/${index}/${field}`, detail }];
    });
    if (errors.length > 0) return { refusal, errors };
  }
  return undefined;
};

const linesOf = (order: DeliveredOrder, items: readonly Item[]): Return['lines'] =>
  items.flatMap(({ productId, quantity }) => {
    const line = order.lines.find((one) => one.productId === productId);
    if (line === undefined) return [];
    const { claimed: _c, returned: _r, ...bought } = line;
    return [{ ...bought, quantity, lineTotal: bought.unitPrice * quantity }];
  });

/** Decides whether items may be returned: within the return window, and at most the delivered quantities without those of other returns. */
export const requestReturn = (
  order: DeliveredOrder,
  { items }: Pick<RequestReturnRequest, 'items'>,
  { now, reason, windowDays, correlationId, ...cause }: RequestTerms,
): Decision<Requested, RequestRejection> => {
  const rejection = rejectionOf(order, items);
  if (rejection !== undefined) return reject(rejection);
  if (now.getTime() > Date.parse(order.deliveredAt) + windowDays * dayMs) return reject({ refusal: 'window-closed' });
  const { tenant, orderId, userId, customerEmail, locale, currency } = order;
  const at = now.toISOString();
  const requested: Return = {
    ...{ tenant, orderId, userId, customerEmail, locale, currency, reason, correlationId },
    returnId: returnIdOf(order, order.returns + 1),
    lines: linesOf(order, items),
    status: 'REQUESTED',
    requestedAt: at,
    updatedAt: at,
    version: 1,
    fact: { type: 'ReturnRequested', ...cause },
  };
  return accept({ requested, order: claim(order, items) });
};

/** Returns the stored form of a delivered order, with nothing claimed yet. */
const deliveredOrder = ({ tenantid, data }: OrderDelivered): DeliveredOrder => {
  const { orderId, userId, customerEmail, locale, currency, lines, deliveredAt } = data;
  return {
    ...{ orderId, userId, customerEmail, locale, currency, deliveredAt },
    tenant: trustedTenant(tenantid),
    lines: lines.map((line) => ({ ...line, claimed: 0, returned: 0 })),
    returns: 0,
    version: 1,
  };
};

/** Stores a delivered order. An order that is stored already is not changed. */
export const noteDelivery =
  (returns: Pick<ReturnStore, 'note'>) =>
  (event: OrderDelivered): Promise<void> =>
    returns.note(deliveredOrder(event));
