import { CancelOrderRequest, UpdateStatusRequest } from '../contracts/api/order-api';
import type { CancelReason, OrderStatus, PaymentStatus } from '../contracts/values/order-status';
import type { Decision } from '../kernel/decision';
import { asError } from '../kernel/error';
import {
  type Answer,
  isProblem,
  type ProblemAnswer,
  preconditionFailed,
  refuse,
  versionMismatch,
} from '../kernel/http/answer';
import { actorOf } from '../kernel/http/caller';
import { etag, parseBody, parseIfMatch } from '../kernel/http/input';
import type { Request, Route } from '../kernel/http/route';
import { logger } from '../kernel/logger';
import { type Conflict, conflict, retryOnConflict } from '../kernel/retry';
import type { KeyRing } from '../kernel/sealing/key-ring';
import type { Order, Timeouts } from './domain/order';
import { givesPaidGoods } from './domain/order';
import type { ChangeContext } from './domain/order-change';
import { cancelOrder, type StatusRefusal, updateStatus } from './domain/order-commands';
import { type Found, findOrder } from './find-order.http';
import type { OrderStore } from './order.store';
import { logStatus } from './order-log';
import { currentView } from './order-view';
import { openPersonal } from './personal/personal';
import type { PaymentGateway } from './services.gateway';

export type ChangeOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  /** Returns the amount still kept of an order's payment, checked before its goods are packed or shipped. */
  readonly payments: Pick<PaymentGateway, 'keptAmountOf'>;
  readonly keys: Pick<KeyRing, 'open'>;
  readonly timeouts: Timeouts;
  readonly now: () => Date;
};

const paymentDetails = {
  NOT_REQUIRED: 'The order needs no payment.',
  WAITING_PAYMENT: 'The order is not paid yet. It is confirmed when the payment is captured.',
  PAID: 'The payment is being refunded in full. The order must not be shipped and is cancelled after the refund.',
  FAILED: 'The payment of the order failed. The order must not be shipped.',
  REFUNDED: 'The payment was refunded in full. The order must not be shipped.',
} as const satisfies Record<PaymentStatus, string>;

const whyNotPaid = ({ status, paymentStatus }: Order): string =>
  status === 'CANCELLED' ? `${paymentDetails[paymentStatus]} The order is cancelled.` : paymentDetails[paymentStatus];

type Decide = (found: Found, context: ChangeContext) => Decision<Order, StatusRefusal>;

const refusals: Readonly<Record<StatusRefusal, (order: Order, to: OrderStatus) => ProblemAnswer>> = {
  'invalid-transition': ({ status }, to) =>
    refuse('InvalidTransition', `Cannot transition from ${status.toLowerCase()} to ${to.toLowerCase()}`),
  'stock-not-reserved': () => refuse('StockNotReserved', 'The stock of the order is not reserved yet.'),
  'not-paid': (order) => refuse('OrderNotPaid', whyNotPaid(order)),
  'version-mismatch': ({ version }) => versionMismatch('The order was modified, please retry', version),
};

const staleTag = 'The version in If-Match is not the current version of the order. Read the order again and retry.';

const changed = async ({ keys }: ChangeOrderDeps, { order, viewer }: Found): Promise<Answer> => ({
  status: 200,
  body: currentView(order, await openPersonal(keys, order), viewer),
  headers: etag(order.version),
});

const maxAttempts = 5;

type Change = { readonly to: OrderStatus; readonly ifMatch: number | undefined; readonly decide: Decide };

const paymentUnknown = refuse(
  'PaymentServiceUnavailable',
  'The payment of the order could not be checked. Nothing was changed. Try again.',
  { headers: { 'retry-after': '1' } },
);

/** Refuses to ship goods whose payment is being refunded in full: the order learns of a refund only when it is done. */
const refuseUnpaid = async ({ payments }: ChangeOrderDeps, order: Order, next: Order) => {
  if (!givesPaidGoods(order, next)) return undefined;
  try {
    return (await payments.keptAmountOf(order)) > 0 ? undefined : refusals['not-paid'](order, next.status);
  } catch (thrown) {
    logger.error('payment check failed; the order was not changed', { orderId: order.orderId, error: asError(thrown) });
    return paymentUnknown;
  }
};

const attempt = async (deps: ChangeOrderDeps, request: Request, change: Change): Promise<Answer | Conflict> => {
  const found = await findOrder(deps.orders, request);
  if (isProblem(found)) return found;
  const { order } = found;
  if (change.ifMatch !== undefined && change.ifMatch !== order.version)
    return preconditionFailed(staleTag, order.version);
  const cause = { at: deps.now(), ...actorOf(request), traceparent: request.traceparent };
  const decision = change.decide(found, { cause, timeouts: deps.timeouts });
  if (!decision.accepted) return refusals[decision.reason](order, change.to);
  const next = decision.fact;
  if (next === order) return changed(deps, found);
  const refused = await refuseUnpaid(deps, order, next);
  if (refused !== undefined) return refused;
  if (!(await deps.orders.save(next))) return conflict;
  logStatus(order, next);
  return changed(deps, { ...found, order: next });
};

const change = (deps: ChangeOrderDeps, request: Request, wanted: Change): Promise<Answer> =>
  retryOnConflict(
    { attempts: maxAttempts, onExhausted: `the order was changed by another writer in all ${maxAttempts} attempts` },
    () => attempt(deps, request, wanted),
  );

/** `PATCH /orders/{orderId}/status`. */
export const updateOrderStatusRoute =
  (deps: ChangeOrderDeps): Route =>
  async (request) => {
    const parsed = parseBody(request, UpdateStatusRequest);
    if (isProblem(parsed)) return parsed;
    const ifMatch = parseIfMatch(request);
    if (isProblem(ifMatch)) return ifMatch;
    const { body } = parsed;
    return change(deps, request, {
      to: body.status,
      ifMatch: ifMatch.version,
      decide: ({ order }, context) => updateStatus(order, body, context),
    });
  };

const reasonFor = ({ viewer }: Found): CancelReason => (viewer === 'staff' ? 'by-staff' : 'by-customer');

/** `POST /orders/{orderId}/cancel`. */
export const cancelOrderRoute =
  (deps: ChangeOrderDeps): Route =>
  async (request) => {
    const parsed = request.body === '' ? { body: {} } : parseBody(request, CancelOrderRequest);
    if (isProblem(parsed)) return parsed;
    const ifMatch = parseIfMatch(request);
    if (isProblem(ifMatch)) return ifMatch;
    const { body } = parsed;
    return change(deps, request, {
      to: 'CANCELLED',
      ifMatch: ifMatch.version,
      decide: (found, context) => cancelOrder(found.order, { ...body, reason: reasonFor(found) }, context),
    });
  };
