import type { OrderAwaitingPayment, OrderCancelled, OrderReturned } from '../contracts/events/order-events';
import type { ReturnCompleted } from '../contracts/events/return-events';
import { trustedTenant } from '../kernel/tenant';
import { type AdvanceDeps, advancePayment, changePayment } from './advance-payment';
import { cancelAfterFullRefund, cancelPayment, refundReturnedOrder, replayResult } from './domain/cancel-payment';
import { type Cause, type Payment, paymentIdOf } from './domain/payment';
import { type PaymentTerms, requestPayment, tombstone } from './domain/request-payment';
import type { PaymentStore } from './payment.store';
import { refundReturn } from './refunds/request-refund';

/** The events that the payment service consumes. */
export type PaymentCommand = OrderAwaitingPayment | OrderCancelled | OrderReturned | ReturnCompleted;

export type RequestDeps = AdvanceDeps & {
  readonly payments: Pick<PaymentStore, 'insert' | 'get' | 'save' | 'reschedule'>;
};

type Change = (payment: Payment, cause: Cause) => Payment | undefined;

const causeOf = ({ id, traceparent, actor = 'order', network }: PaymentCommand) => ({
  ...{ actor, network, traceparent },
  causationId: id,
});

const keyOf = ({ tenantid, data }: PaymentCommand) => ({
  tenant: trustedTenant(tenantid),
  paymentId: paymentIdOf(data.orderId),
});

type Paid = Pick<PaymentTerms, 'paymentMethod' | 'deadline'>;

const termsOf = (event: OrderAwaitingPayment | OrderCancelled, paid: Paid): PaymentTerms => {
  const { orderId, userId, total, currency, lines } = event.data;
  return {
    ...{ orderId, userId, currency, ...paid },
    tenant: trustedTenant(event.tenantid),
    amount: total,
    lines: lines.map(({ productId, quantity, unitPrice, taxRateBps }) => ({
      ...{ productId, quantity, unitPrice, taxRateBps },
    })),
    correlationId: event.correlationid,
  };
};

/**
 * Changes an existing payment and advances it at once; the poller retries failures. A replayed result is not due, so it
 * costs no try.
 */
const change = async (deps: RequestDeps, payment: Payment, event: PaymentCommand, decide: Change) => {
  const next = await changePayment(deps, payment, decide, causeOf(event));
  if (next?.dueAt === undefined || next.dueAt === payment.dueAt) return;
  if (next.dueAt <= deps.now().toISOString()) await advancePayment(deps)(next, 'poll');
};

/** Stores a new payment, or changes the existing one of the order. */
const open = async (deps: RequestDeps, event: PaymentCommand, payment: Payment, decide: Change): Promise<void> => {
  if (await deps.payments.insert(payment)) {
    if (payment.status === 'PENDING') await advancePayment(deps)(payment, 'create');
    return;
  }
  const known = await deps.payments.get(payment);
  if (known === undefined) throw new Error(`payment ${payment.paymentId} exists but cannot be read`);
  await change(deps, known, event, decide);
};

/** The row is stored before the provider is asked, so that the poller can continue whatever is lost afterwards. */
const request = (deps: RequestDeps, event: OrderAwaitingPayment): Promise<void> => {
  const { paymentMethod, paymentDeadline: deadline } = event.data;
  const payment = requestPayment(termsOf(event, { paymentMethod, deadline }), { ...causeOf(event), at: deps.now() });
  return open(deps, event, payment, replayResult);
};

/** The order ended with its payment: refunds what was captured or failed to be refunded afterwards. */
const refundEnded = async (deps: RequestDeps, event: OrderCancelled, decide: Change): Promise<void> => {
  const payment = await deps.payments.get(keyOf(event));
  if (payment?.status === 'COMPLETED' || payment?.status === 'REFUNDED') await change(deps, payment, event, decide);
};

/** A cancellation that arrives before its order stores a tombstone, so that the payment is never requested. */
const cancel = async (deps: RequestDeps, event: OrderCancelled): Promise<void> => {
  const { paymentStatus, paymentMethod } = event.data;
  if (paymentStatus === 'FAILED') return refundEnded(deps, event, cancelPayment);
  if (paymentStatus === 'REFUNDED') return refundEnded(deps, event, cancelAfterFullRefund);
  if (paymentMethod === undefined || (paymentStatus !== 'WAITING_PAYMENT' && paymentStatus !== 'PAID')) return;
  const terms = termsOf(event, { paymentMethod, deadline: event.time });
  await open(deps, event, tombstone(terms, { ...causeOf(event), at: deps.now() }), cancelPayment);
};

/** Refunds a return. An order without a payment was not paid here. */
const refundReturned = async (deps: RequestDeps, event: ReturnCompleted): Promise<void> => {
  const payment = await deps.payments.get(keyOf(event));
  if (payment === undefined) return;
  const { returnId, lines: items, orderFullyReturned } = event.data;
  await change(deps, payment, event, (current, cause) =>
    refundReturn(current, { returnId, items, orderFullyReturned }, cause),
  );
};

/** All goods came back: refunds the rest, or publishes the result again. */
const refundReturnedInFull = async (deps: RequestDeps, event: OrderReturned): Promise<void> => {
  const payment = await deps.payments.get(keyOf(event));
  if (payment !== undefined) await change(deps, payment, event, refundReturnedOrder);
};

/** Requests the payments that orders need, stops those of cancelled orders, and refunds returned goods. */
export const requestPayments =
  (deps: RequestDeps) =>
  async (event: PaymentCommand): Promise<void> => {
    switch (event.type) {
      case 'OrderAwaitingPayment.v2':
        return request(deps, event);
      case 'OrderCancelled.v2':
        return cancel(deps, event);
      case 'OrderReturned.v2':
        return refundReturnedInFull(deps, event);
      case 'ReturnCompleted.v2':
        return refundReturned(deps, event);
    }
  };
