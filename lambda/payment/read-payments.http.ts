import * as z from 'zod';
import { ListPaymentsQuery, type ListPaymentsResponse } from '../contracts/payment-api';
import { PaymentId } from '../contracts/payment-status';
import { OrderId } from '../contracts/text';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { isGuest } from '../kernel/caller';
import { type CursorScope, openCursor, sealCursor } from '../kernel/cursor';
import type { Request } from '../kernel/http';
import { parseQuery } from '../kernel/http-input';
import type { Secrets } from '../kernel/secret';
import { opens } from '../kernel/tracking-token';
import type { DescribedOrder, OrderGateway } from './order.gateway';
import { type Payment, paymentIdOf } from './payment';
import { answerVersion, findPayment, refuse } from './payment.http';
import type { PaymentStore } from './payment.store';
import type { PaymentSelection } from './payment-list.store';
import { orderPaymentView, paymentView } from './payment-view';
import type { Sealing } from './seal.gateway';

export type ReadPaymentsDeps = {
  readonly payments: Pick<PaymentStore, 'get' | 'list'>;
  readonly orders: OrderGateway;
  readonly open: Sealing['open'];
  /** Returns the payment with a page to pay on in place of one that has ended. */
  readonly withLiveCheckout: (payment: Payment) => Promise<Payment>;
  /** The key of all cursors. */
  readonly cursorSecret: Secrets;
  readonly now: () => Date;
};

/** `GET /payments/{paymentId}`. */
export const getPaymentRoute =
  ({ payments, open }: Pick<ReadPaymentsDeps, 'payments' | 'open'>) =>
  async (request: Request): Promise<Answer> => {
    const found = await findPayment(payments, request);
    return isProblem(found) ? found : answerVersion(request, found.version, paymentView(found, open(found)));
  };

const isTheirs = ({ caller, header }: Request, order: DescribedOrder): boolean => {
  if (!isGuest(caller) && order.ownerId === caller.userId) return true;
  const token = header('x-tracking-token');
  return token !== undefined && opens(token, order.trackingTokenHash);
};

/** The order that the path names, if the caller may see it: otherwise the same as if there were none. */
const findOrder = async (orders: OrderGateway, request: Request): Promise<string | ProblemAnswer> => {
  const { caller, reach, header } = request;
  if (isGuest(caller) && !header('x-tracking-token'))
    return refuse(401, 'TrackingTokenRequired', 'Send the trackingToken of the order as X-Tracking-Token.');
  const orderId = request.pathParameter('orderId');
  const unknown = refuse(404, 'OrderNotFound', 'There is no such order.');
  if (!OrderId.safeParse(orderId).success) return unknown;
  const order = await orders.describe(caller.tenant, orderId);
  return order !== undefined && (reach !== 'own' || isTheirs(request, order)) ? orderId : unknown;
};

/** `GET /orders/{orderId}/payment`. How to pay is for the owner alone: staff sees the rest, and asks for nothing. */
export const getOrderPaymentRoute =
  ({ payments, orders, open, withLiveCheckout, now }: Omit<ReadPaymentsDeps, 'cursorSecret'>) =>
  async (request: Request): Promise<Answer> => {
    const orderId = await findOrder(orders, request);
    if (isProblem(orderId)) return orderId;
    const found = await payments.get({ tenant: request.caller.tenant, paymentId: paymentIdOf(orderId) });
    if (found === undefined) return refuse(404, 'PaymentNotFound', 'There is no payment of this order, or not yet.');
    const isOwner = request.reach === 'own';
    const payment = isOwner ? await withLiveCheckout(found) : found;
    const opened = open(payment);
    const view = isOwner ? orderPaymentView(payment, opened, now()) : paymentView(payment, opened);
    return answerVersion(request, payment.version, view);
  };

const Mark = z.object({ paymentId: PaymentId, createdAt: z.iso.datetime() });

/** A cursor belongs to the list that it came from, and to whoever read that. */
const scopeOf = ({ caller, reach }: Request): CursorScope => ({
  tenant: caller.tenant,
  list: `payments ${reach === 'own' ? `of ${caller.userId}` : 'of the tenant'}`,
});

const wrongCursor: ProblemAnswer = {
  ...refuse(400, 'ValidationFailed', 'The query has wrong parameters.'),
  errors: [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an earlier page of the same list' }],
};

const ask = (request: Request, cursorSecret: Secrets): PaymentSelection | ProblemAnswer => {
  const parsed = parseQuery(request, ListPaymentsQuery);
  if (isProblem(parsed)) return parsed;
  const { limit, cursor } = parsed.query;
  const after = cursor === undefined ? undefined : Mark.safeParse(openCursor(cursorSecret, scopeOf(request), cursor));
  if (after?.success === false) return wrongCursor;
  const { caller, reach } = request;
  return {
    tenant: caller.tenant,
    userId: reach === 'own' ? (caller.userId ?? '') : undefined,
    limit,
    after: after?.data,
  };
};

/** `GET /payments`: a customer's own are their payment history. */
export const listPaymentsRoute =
  ({ payments, open, cursorSecret }: Pick<ReadPaymentsDeps, 'payments' | 'open' | 'cursorSecret'>) =>
  async (request: Request): Promise<Answer> => {
    const selection = ask(request, cursorSecret);
    if (isProblem(selection)) return selection;
    const { items, next } = await payments.list(selection);
    const more = next === undefined ? {} : { nextCursor: sealCursor(cursorSecret, scopeOf(request), next) };
    const body: ListPaymentsResponse = { items: items.map((one) => paymentView(one, open(one))), ...more };
    return { status: 200, body };
  };
