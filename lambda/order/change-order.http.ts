import { CancelOrderRequest, UpdateStatusRequest } from '../contracts/order-api';
import type { CancelReason, OrderStatus } from '../contracts/order-status';
import { actorOf } from '../kernel/actor';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Decision } from '../kernel/decision';
import type { Request, Route } from '../kernel/http';
import { etag, parseBody, parseIfMatch } from '../kernel/http-input';
import type { Order, Patience } from './order';
import { refuse } from './order.http';
import type { OrderStore } from './order.store';
import { type Found, findOrder } from './order-access.http';
import type { Cause } from './order-change';
import { cancelOrder, type StatusRefusal, updateStatus } from './order-commands';
import { logStatus } from './order-log';
import { currentView } from './order-view';

export type ChangeOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  readonly patience: Patience;
  readonly now: () => Date;
};

type Decide = (found: Found, asked: { cause: Cause; patience: Patience }) => Decision<Order, StatusRefusal>;

const refusals: Readonly<Record<StatusRefusal, (order: Order, to: OrderStatus) => ProblemAnswer>> = {
  'invalid-transition': ({ status }, to) =>
    refuse(400, 'InvalidTransition', `Cannot transition from ${status.toLowerCase()} to ${to.toLowerCase()}`),
  'stock-not-reserved': () => refuse(409, 'StockNotReserved', 'The stock of the order is not reserved yet.'),
  'not-paid': () => refuse(409, 'OrderNotPaid', 'The order is not paid yet, and is confirmed once it is.'),
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

/** The answer, or nothing when somebody else wrote first: read and decide again. */
const attempt = async (deps: ChangeOrderDeps, request: Request, change: Change): Promise<Answer | undefined> => {
  const found = await findOrder(deps.orders, request);
  if (isProblem(found)) return found;
  const { order } = found;
  if (change.ifMatch !== undefined && change.ifMatch !== order.version) return preconditionFailed(order);
  const cause = { at: deps.now(), ...actorOf(request), traceparent: request.traceparent };
  const decision = change.decide(found, { cause, patience: deps.patience });
  if (!decision.accepted) return refusals[decision.reason](order, change.to);
  const next = decision.fact;
  if (next === order) return changed(found);
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
