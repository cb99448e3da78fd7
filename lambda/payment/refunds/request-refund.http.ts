import { RequestRefundRequest } from '../../contracts/api/payment-api';
import { toMajor, toMinor } from '../../contracts/values/money';
import type { OrderStatus } from '../../contracts/values/order-status';
import { stepRule } from '../../contracts/values/payment-methods';
import type { Claim } from '../../kernel/dynamodb/claim';
import { asError } from '../../kernel/error';
import { type Answer, isProblem, type ProblemAnswer, refuse, wrongFields } from '../../kernel/http/answer';
import { actorOf } from '../../kernel/http/caller';
import { claimOf, replayed } from '../../kernel/http/idempotency';
import { parseBody } from '../../kernel/http/input';
import type { Request } from '../../kernel/http/route';
import { logger } from '../../kernel/logger';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import type { Cause, Payment } from '../domain/payment';
import { refundable } from '../domain/payment-sums';
import type { OrderGateway } from '../order.gateway';
import type { ClaimHolder, PaymentStore } from '../payment.store';
import { findPayment, requestedRefundView } from '../payments.http';
import { maxRefunds, type RefundRejection, type RefundTerms, requestRefund } from './request-refund';

export type RequestRefundDeps = {
  readonly payments: Pick<PaymentStore, 'get' | 'saveClaimed' | 'claimedBy'>;
  /** Says whether an order is shipped, before lines of it are refunded. */
  readonly orders: Pick<OrderGateway, 'describe'>;
  readonly now: () => Date;
};

type ParsedRequest = { readonly body: RequestRefundRequest; readonly claim: Claim };

const maxAttempts = 20; // against concurrent changes

/** The key is required, so that a client without an answer can retry without a second refund. */
const parse = (request: Request, now: Date): ParsedRequest | ProblemAnswer => {
  const parsed = parseBody(request, RequestRefundRequest);
  if (isProblem(parsed)) return parsed;
  const claim = claimOf(request, {
    scope: `${request.caller.userId} POST /payments/refunds`,
    content: [request.pathParameter('paymentId'), parsed.body],
    now,
    detail: 'The header Idempotency-Key is missing or wrong.',
  });
  return isProblem(claim) ? claim : { body: parsed.body, claim };
};

const wrongField = (pointer: string, detail: string) => wrongFields([{ pointer, detail }]);

const termsOf = (
  { currency }: Payment,
  { amount, lines, reason }: RequestRefundRequest,
): RefundTerms | ProblemAnswer => {
  if (amount === undefined) return { items: lines ?? [], reason };
  const minor = toMinor(amount, currency);
  return minor === undefined
    ? wrongField('/amount', `must not have more decimals than ${currency} has`)
    : { amount: minor, reason };
};

const allRefunded = 'All captured money is already refunded or being refunded.';

const refusalOf = ({ currency }: Payment, rejection: RefundRejection): ProblemAnswer => {
  if (rejection.refusal === 'not-captured')
    return refuse('PaymentNotCaptured', 'The payment was not captured, so it cannot be refunded.');
  if (rejection.refusal === 'too-many') return refuse('TooManyRefunds', `A payment has at most ${maxRefunds} refunds.`);
  if (rejection.refusal === 'more-than-left') {
    const left = toMajor(rejection.left, currency);
    const detail = `No more than ${left} ${currency} can still be refunded.`;
    return refuse('RefundTooLarge', rejection.left === 0 ? allRefunded : detail);
  }
  if (rejection.refusal === 'wrong-step')
    return wrongField('/amount', stepRule({ amount: rejection.amount, currency }, rejection.step));
  if (rejection.refusal === 'too-small') {
    const least = `${toMajor(rejection.step, currency)} ${currency}`;
    return wrongField('/lines', `cost less than ${least}, the smallest possible refund: add more lines`);
  }
  if (rejection.refusal === 'free-lines') return wrongField('/lines', 'cost nothing, so nothing can be refunded');
  const errors = rejection.wrong.map(({ index, left }) => ({
    pointer: left === undefined ? `/lines/${index}/productId` : `/lines/${index}/quantity`,
    detail: left === undefined ? 'is not part of the order' : `${left} of this product can still be refunded`,
  }));
  return wrongFields(errors);
};

const accepted = (payment: Payment, refundId: string, again: boolean): Answer => {
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  if (refund === undefined) throw new Error(`claimed refund ${refundId} is missing`);
  const headers = {
    location: `/payments/${payment.paymentId}`,
    ...(again ? replayed : {}),
  };
  return { status: 202, body: requestedRefundView(payment, refund), headers };
};

/** Replays the stored result of the same request. Returns 422 for another body under the same key. */
const replayResult = (payment: Payment, { requestHash }: Claim, holder: ClaimHolder): Answer =>
  holder.requestHash === requestHash
    ? accepted(payment, holder.refundId, true)
    : refuse('IdempotencyKeyMismatch', 'This Idempotency-Key was used with another body.');

const unshipped: readonly OrderStatus[] = ['PENDING', 'CONFIRMED', 'PROCESSING'];

const notShipped = (status: OrderStatus): ProblemAnswer =>
  refuse(
    'OrderNotShipped',
    `The order is ${status}: lines are refunded once it is shipped, since all of its lines would still be shipped. ` +
      'Refund an amount, refund everything that is left, or cancel the order.',
  );

const orderUnknown = refuse(
  'OrderServiceUnavailable',
  'The order service is unavailable, so the shipment cannot be checked. Nothing was refunded. Try again.',
  { headers: { 'retry-after': '1' } },
);

/**
 * Refuses to refund only some lines of an unshipped order, because all of them would still be shipped. Refunding all
 * that is left ends the order.
 */
const refuseUnshipped = async (deps: RequestRefundDeps, payment: Payment, next: Payment) => {
  if (next.refunds.at(-1)?.lines === undefined || refundable(next) === 0) return undefined;
  const { tenant, orderId, paymentId } = payment;
  try {
    const order = await deps.orders.describe(tenant, orderId);
    return order !== undefined && unshipped.includes(order.status) ? notShipped(order.status) : undefined;
  } catch (thrown) {
    logger.error('the order of a refund was not checked', { paymentId, error: asError(thrown) });
    return orderUnknown;
  }
};

const attempt = async (
  deps: RequestRefundDeps,
  request: Request,
  parsed: ParsedRequest,
): Promise<Answer | Conflict> => {
  const payment = await findPayment(deps.payments, request);
  if (isProblem(payment)) return payment;
  const { claim, body } = parsed;
  const holder = await deps.payments.claimedBy(payment.tenant, claim.key);
  if (holder !== undefined) return replayResult(payment, claim, holder);
  const terms = termsOf(payment, body);
  if (isProblem(terms)) return terms;
  const cause: Cause = { ...actorOf(request), at: deps.now(), traceparent: request.traceparent };
  const decided = requestRefund(payment, terms, cause);
  if (!decided.accepted) return refusalOf(payment, decided.reason);
  const refused = await refuseUnshipped(deps, payment, decided.fact);
  if (refused !== undefined) return refused;
  const refundId = decided.fact.refunds.at(-1)?.refundId ?? '';
  const outcome = await deps.payments.saveClaimed(decided.fact, { ...claim, refundId });
  return outcome === 'saved' ? accepted(decided.fact, refundId, false) : conflict; // claimed meanwhile: read again
};

const busy = refuse('VersionMismatch', 'The payment is being changed by other requests. Try again.');

/** `POST /payments/{paymentId}/refunds`. Stores the refund; the poller sends it to the provider. */
export const requestRefundRoute =
  (deps: RequestRefundDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parse(request, deps.now());
    if (isProblem(parsed)) return parsed;
    return retryOnConflict({ attempts: maxAttempts, onExhausted: () => busy }, () => attempt(deps, request, parsed));
  };
