import * as z from 'zod';
import {
  type DisputeView,
  ListPaymentsQuery,
  type OrderPaymentView,
  type PaymentView,
  type RefundView,
} from '../contracts/api/payment-api';
import { toMajor } from '../contracts/values/money';
import { PaymentId } from '../contracts/values/payment-status';
import { OrderId } from '../contracts/values/text';
import type { Secrets } from '../kernel/aws/secret';
import { type Answer, isProblem, type ProblemAnswer, refuse } from '../kernel/http/answer';
import { isGuest } from '../kernel/http/caller';
import { etag, parseQuery } from '../kernel/http/input';
import { answerPage, type CursorScope, type PageAfter } from '../kernel/http/list-page';
import type { Request } from '../kernel/http/route';
import { hasHash } from '../kernel/http/token-hash';
import { type Dispute, type Payment, paymentIdOf, type Refund } from './domain/payment';
import { isCheckoutExpired } from './domain/payment-keys';
import { refundedTotal } from './domain/payment-sums';
import type { DescribedOrder, OrderGateway } from './order.gateway';
import type { PaymentStore } from './payment.store';
import type { DetailsEncryption } from './payment-details.gateway';
import type { PaymentMark } from './payment-lists.store';

const isVisiblePayment = ({ scope, caller }: Request, { userId }: Payment) =>
  scope !== 'own' || (caller.userId !== undefined && userId === caller.userId);

/** Returns the payment in the path. Unknown payments and those of other tenants and customers get the same 404. */
export const findPayment = async (
  payments: Pick<PaymentStore, 'get'>,
  request: Request,
): Promise<Payment | ProblemAnswer> => {
  const paymentId = request.pathParameter('paymentId');
  const unknown = refuse('PaymentNotFound', 'There is no such payment.');
  if (!PaymentId.safeParse(paymentId).success) return unknown;
  const found = await payments.get({ tenant: request.caller.tenant, paymentId });
  return found !== undefined && isVisiblePayment(request, found) ? found : unknown;
};

type Shown = { readonly delayed?: boolean | undefined; readonly checkout?: unknown };

/**
 * Returns 304 when the client has this version. The delay and the end of the checkout change the ETag without a new
 * version.
 */
export const answerVersion = ({ header }: Request, version: number, body: Shown): Answer => {
  const headers = etag(`${version}${body.delayed ? '-delayed' : ''}${body.checkout === undefined ? '' : '-open'}`);
  return header('if-none-match') === headers.etag ? { status: 304, headers } : { status: 200, body, headers };
};

/** The decrypted details: how to pay, and what of the card may be shown. */
export type PaymentDetails = {
  readonly redirectUrl?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly brand?: string | undefined;
  readonly last4?: string | undefined;
};

const refundView = ({ currency }: Payment, refund: Refund): RefundView => {
  const { refundId, amount, reason, status, lines, madeElsewhere, disputeId, createdAt, processedAt } = refund;
  const failureReason = status === 'FAILED' ? refund.failureReason : undefined;
  return {
    ...{ refundId, reason, status, failureReason, madeElsewhere, disputeId, createdAt, processedAt },
    amount: toMajor(amount, currency),
    lines: lines?.map(({ productId, quantity }) => ({ productId, quantity })),
  };
};

/** The refund as it was when requested, so that a repeated request gets the same answer. */
export const requestedRefundView = (payment: Payment, refund: Refund): RefundView =>
  refundView(payment, {
    ...refund,
    amount: refund.requestedAmount ?? refund.amount,
    status: 'PENDING',
    processedAt: undefined,
  });

const disputeView = ({ currency }: Payment, dispute: Dispute): DisputeView => {
  const { disputeId, amount, reason, status, inquiry, evidenceDueBy, createdAt, updatedAt } = dispute;
  return {
    ...{ disputeId, reason, status, inquiry, evidenceDueBy, createdAt, updatedAt },
    amount: toMajor(amount, currency),
  };
};

const paymentView = (payment: Payment, { brand, last4 }: PaymentDetails): PaymentView => {
  const { paymentId, orderId, userId, status, provider, paymentMethod, currency } = payment;
  const { deadline, delayed, failure, createdAt, updatedAt, processedAt, version } = payment;
  const major = (amount: number) => toMajor(amount, currency);
  return {
    ...{ paymentId, orderId, userId, status, provider, paymentMethod, currency },
    ...{ deadline, delayed, failure, createdAt, updatedAt, processedAt, version },
    amount: major(payment.amount),
    capturedAmount: major(payment.capturedAmount),
    refundedAmount: major(refundedTotal(payment)),
    card: brand === undefined || last4 === undefined ? undefined : { brand, last4 },
    refunds: payment.refunds.map((refund) => refundView(payment, refund)),
    disputes: payment.disputes.map((dispute) => disputeView(payment, dispute)),
  };
};

const mayBePaid = (payment: Payment, now: Date) => {
  const { status, providerState, cancelRequested, deadline } = payment;
  const isOpen = status === 'PROCESSING' && providerState === 'OPEN' && !cancelRequested;
  return isOpen && deadline > now.toISOString() && !isCheckoutExpired(payment, now);
};

const expiryOf = ({ deadline, checkoutExpiresAt = deadline }: Payment) =>
  checkoutExpiresAt < deadline ? checkoutExpiresAt : deadline;

/** The payment for its payer, with the checkout while it can be paid. */
export const orderPaymentView = (payment: Payment, details: PaymentDetails, now: Date): OrderPaymentView => {
  const { redirectUrl, clientSecret } = details;
  const hasCheckout = redirectUrl !== undefined || clientSecret !== undefined;
  const view = paymentView(payment, details);
  return mayBePaid(payment, now) && hasCheckout
    ? { ...view, checkout: { redirectUrl, clientSecret, expiresAt: expiryOf(payment) } }
    : view;
};

export type ReadPaymentsDeps = {
  readonly payments: Pick<PaymentStore, 'get' | 'list'>;
  readonly orders: OrderGateway;
  readonly decryptDetails: DetailsEncryption['decryptDetails'];
  /** Returns the payment with a live checkout page in place of an expired one. */
  readonly withLiveCheckout: (payment: Payment) => Promise<Payment>;
  /** The signing secret of list cursors. */
  readonly cursorSecret: Secrets;
  readonly now: () => Date;
};

/** `GET /payments/{paymentId}`. */
export const getPaymentRoute =
  ({ payments, decryptDetails }: Pick<ReadPaymentsDeps, 'payments' | 'decryptDetails'>) =>
  async (request: Request): Promise<Answer> => {
    const found = await findPayment(payments, request);
    return isProblem(found) ? found : answerVersion(request, found.version, paymentView(found, decryptDetails(found)));
  };

const isTheirs = ({ caller, header }: Request, order: DescribedOrder): boolean => {
  if (!isGuest(caller) && order.ownerId === caller.userId) return true;
  const token = header('x-tracking-token');
  return token !== undefined && hasHash(token, order.trackingTokenHash);
};

/** Returns the ID of the order in the path, or 404 when it is unknown or the caller may not see it. */
const findOrder = async (orders: OrderGateway, request: Request): Promise<string | ProblemAnswer> => {
  const { caller, scope, header } = request;
  if (isGuest(caller) && !header('x-tracking-token'))
    return refuse('TrackingTokenRequired', 'Send the trackingToken of the order as X-Tracking-Token.');
  const orderId = request.pathParameter('orderId');
  const unknown = refuse('OrderNotFound', 'There is no such order.');
  if (!OrderId.safeParse(orderId).success) return unknown;
  const order = await orders.describe(caller.tenant, orderId);
  return order !== undefined && (scope !== 'own' || isTheirs(request, order)) ? orderId : unknown;
};

/** `GET /orders/{orderId}/payment`. Only the owner gets the checkout; reads by staff do not call the provider. */
export const getOrderPaymentRoute =
  ({ payments, orders, decryptDetails, withLiveCheckout, now }: Omit<ReadPaymentsDeps, 'cursorSecret'>) =>
  async (request: Request): Promise<Answer> => {
    const orderId = await findOrder(orders, request);
    if (isProblem(orderId)) return orderId;
    const found = await payments.get({ tenant: request.caller.tenant, paymentId: paymentIdOf(orderId) });
    if (found === undefined) return refuse('PaymentNotFound', 'This order has no payment yet.');
    const isOwner = request.scope === 'own';
    const payment = isOwner ? await withLiveCheckout(found) : found;
    const details = decryptDetails(payment);
    const view = isOwner ? orderPaymentView(payment, details, now()) : paymentView(payment, details);
    return answerVersion(request, payment.version, view);
  };

const Mark = z.object({ paymentId: PaymentId, createdAt: z.iso.datetime() });

/** Binds a cursor to its list and reader. */
const scopeOf = ({ caller, scope }: Request): CursorScope => ({
  tenant: caller.tenant,
  list: `payments ${scope === 'own' ? `of ${caller.userId}` : 'of the tenant'}`,
});

/** `GET /payments`. Customers list their own payments. */
export const listPaymentsRoute =
  ({
    payments,
    decryptDetails,
    cursorSecret,
  }: Pick<ReadPaymentsDeps, 'payments' | 'decryptDetails' | 'cursorSecret'>) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parseQuery(request, ListPaymentsQuery);
    if (isProblem(parsed)) return parsed;
    const { tenant, userId = '' } = request.caller;
    const owner = request.scope === 'own' ? userId : undefined;
    const list = { secret: cursorSecret, scope: scopeOf(request), key: Mark };
    const read = (page: PageAfter<PaymentMark>) => payments.list({ tenant, userId: owner, ...page });
    return answerPage(parsed.query, list, read, (payment) => paymentView(payment, decryptDetails(payment)));
  };
