import { CancelOrderRequest, UpdateStatusRequest } from '../contracts/order-api';
import type { CancelReason, OrderStatus, PaymentStatus } from '../contracts/order-status';
import type { Decision } from '../kernel/decision';
import { actorOf } from '../kernel/http/caller';
import type { Request, Route } from '../kernel/http/http';
import { type Answer, asError, isProblem, type ProblemAnswer } from '../kernel/http/http';
import { etag, parseBody, parseIfMatch } from '../kernel/http/input';
import { logger } from '../kernel/logger';
import type { Order, Timeouts } from './domain/order';
import { givesPaidGoods } from './domain/order';
import type { Cause } from './domain/order-change';
import { cancelOrder, type StatusRefusal, updateStatus } from './domain/order-process';
import { type Found, findOrder, refuse } from './order.http';
import type { OrderStore } from './order.store';
import { logStatus } from './order-log';
import { currentView } from './order-view';
import type { PaymentGateway } from './services.gateway';

export type ChangeOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  /** Tells what is kept of an order's payment, before its goods are given away. */
  readonly payments: Pick<PaymentGateway, 'keptOf'>;
  readonly timeouts: Timeouts;
  readonly now: () => Date;
};

const unpaid = {
  NOT_REQUIRED: 'The order needs no payment.',
  WAITING_PAYMENT: 'The order is not paid yet, and is confirmed once it is.',
  PAID: 'The payment is being refunded in full: the order is cancelled once it is, and nothing of it may be shipped.',
  FAILED: 'The payment of the order failed: nothing of it may be shipped.',
  REFUNDED: 'The payment was refunded in full: nothing of the order may be shipped.',
} as const satisfies Record<PaymentStatus, string>;

const whyNotPaid = ({ status, paymentStatus }: Order): string =>
  status === 'CANCELLED' ? `${unpaid[paymentStatus]} It is cancelled.` : unpaid[paymentStatus];

type Decide = (found: Found, asked: { cause: Cause; timeouts: Timeouts }) => Decision<Order, StatusRefusal>;

const refusals: Readonly<Record<StatusRefusal, (order: Order, to: OrderStatus) => ProblemAnswer>> = {
  'invalid-transition': ({ status }, to) =>
    refuse(400, 'InvalidTransition', `Cannot transition from ${status.toLowerCase()} to ${to.toLowerCase()}`),
  'stock-not-reserved': () => refuse(409, 'StockNotReserved', 'The stock of the order is not reserved yet.'),
  'not-paid': (order) => refuse(409, 'OrderNotPaid', whyNotPaid(order)),
  'version-mismatch': ({ version }) => ({
    ...refuse(409, 'VersionMismatch', 'The order was modified, please retry'),
    members: { error: 'VersionMismatchError', currentVersion: version },
  }),
};

const preconditionFailed = ({ version }: Order): ProblemAnswer => ({
  ...refuse(412, 'PreconditionFailed', 'The order has another version than If-Match names.'),
  members: { currentVersion: version },
});

const changed = ({ order, viewer }: Found): Answer => ({
  status: 200,
  body: currentView(order, viewer),
  headers: etag(order.version),
});

const tries = 5;

type Change = { readonly to: OrderStatus; readonly ifMatch: number | undefined; readonly decide: Decide };

const paymentUnknown: ProblemAnswer = {
  ...refuse(
    503,
    'PaymentServiceUnavailable',
    'Whether the order is still paid cannot be checked at present, and nothing was changed. Try again.',
  ),
  headers: { 'retry-after': '1' },
};

/** Refuses to give away goods whose payment is being refunded in full. The order does not know of it before it is done. */
const refuseUnpaid = async ({ payments }: ChangeOrderDeps, order: Order, next: Order) => {
  if (!givesPaidGoods(order, next)) return undefined;
  try {
    return (await payments.keptOf(order)) > 0 ? undefined : refusals['not-paid'](order, next.status);
  } catch (thrown) {
    logger.error('the payment of an order was not checked', { orderId: order.orderId, error: asError(thrown) });
    return paymentUnknown;
  }
};

/** The answer, or nothing when somebody else wrote first: read and decide again. */
const attempt = async (deps: ChangeOrderDeps, request: Request, change: Change): Promise<Answer | undefined> => {
  const found = await findOrder(deps.orders, request);
  if (isProblem(found)) return found;
  const { order } = found;
  if (change.ifMatch !== undefined && change.ifMatch !== order.version) return preconditionFailed(order);
  const cause = { at: deps.now(), ...actorOf(request), traceparent: request.traceparent };
  const decision = change.decide(found, { cause, timeouts: deps.timeouts });
  if (!decision.accepted) return refusals[decision.reason](order, change.to);
  const next = decision.fact;
  if (next === order) return changed(found);
  const refused = await refuseUnpaid(deps, order, next);
  if (refused !== undefined) return refused;
  if (!(await deps.orders.save(next))) return undefined;
  logStatus(order, next);
  return changed({ ...found, order: next });
};

const change = async (deps: ChangeOrderDeps, request: Request, wanted: Change): Promise<Answer> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const answer = await attempt(deps, request, wanted);
    if (answer !== undefined) return answer;
  }
  throw new Error(`the order changed ${tries} times while it was being decided`);
};

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
      decide: ({ order }, asked) => updateStatus(order, body, asked),
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
      decide: (found, asked) => cancelOrder(found.order, { ...body, reason: reasonFor(found) }, asked),
    });
  };
