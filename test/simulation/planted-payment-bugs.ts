import type { Payment } from '../../lambda/payment/domain/payment';
import type { PaymentStore } from '../../lambda/payment/payment.store';
import type { ParseWebhook } from '../../lambda/payment/providers/provider';
import { soundParts } from './parts';

type ProviderOf = typeof soundParts.provider;
type PaymentStoreOf = typeof soundParts.paymentStore;

/** Asks for a new payment each time, instead of the same one again. */
export const createdWithoutKey: ProviderOf = (provider) => ({
  ...provider,
  create: (charge) => {
    created += 1;
    return provider.create({ ...charge, key: `${charge.key}/${created}` });
  },
});

let created = 0; // in all processes: no two keys are the same

/** Takes what is authorized, and charges the customer for it as well. */
export const capturedTwice: ProviderOf = (provider) => ({
  ...provider,
  capture: async (payment) => {
    const snapshot = await provider.capture(payment);
    await provider.create({ ...payment, key: `${payment.key}/capture`, expiresAt: snapshot.at });
    return snapshot;
  },
});

/** Sends a refund again under another key, and does not look whether it was made. */
export const refundedTwice: ProviderOf = (provider) => ({
  ...provider,
  refund: async (payment, refund) => {
    await provider.refund(payment, refund);
    return provider.refund(payment, { ...refund, key: `${refund.key}/again`, refundId: `${refund.refundId}-again` });
  },
});

/** Writes what `wrong` makes of each payment that is to be written. */
const writing =
  (wrong: (next: Payment) => Payment): PaymentStoreOf =>
  (site): PaymentStore => {
    const sound = soundParts.paymentStore(site);
    return {
      ...sound,
      save: (next) => sound.save(wrong(next)),
      saveReceived: (next, receipt) => sound.saveReceived(wrong(next), receipt),
    };
  };

/** Does not look for what a key that fails for ever has made after all. */
export const spentKeysForgotten: PaymentStoreOf = writing((next) => ({ ...next, spentKeys: [] }));

/** Believes a failure that is told after the payment. */
export const failureApplied: PaymentStoreOf = writing((next) => {
  if (next.fact.type !== 'FailureNoted') return next;
  const { actor } = next.fact;
  return { ...next, status: 'FAILED', failure: 'declined', fact: { type: 'PaymentFailed', reason: 'declined', actor } };
});

/** Takes any sum for the one that was asked for. */
export const amountUnchecked: PaymentStoreOf = writing((next) => {
  if (next.fact.type !== 'PaymentMismatchFound') return next;
  const { externalPaymentId, actor } = next.fact;
  const fact = {
    type: 'PaymentSucceeded',
    externalPaymentId,
    capturedAmount: next.amount,
    late: false,
    actor,
  } as const;
  const captured = { status: 'COMPLETED', providerState: 'CAPTURED', capturedAmount: next.amount } as const;
  return { ...next, ...captured, externalPaymentId, dueAt: undefined, fact };
});

/** Notes that money goes back which came when nobody may pay any more, and keeps it. */
export const lateSuccessKept: PaymentStoreOf = writing((next) => {
  if (next.fact.type !== 'PaymentSucceeded' || !next.fact.late) return next;
  return { ...next, refunds: next.refunds.map((refund) => ({ ...refund, status: 'COMPLETED' })), dueAt: undefined };
});

/** Knows no webhook that it has received before. */
export const webhooksForgotten: PaymentStoreOf = (site) => {
  const sound = soundParts.paymentStore(site);
  return {
    ...sound,
    saveReceived: (next) => sound.save(next),
    receive: async () => true,
  };
};

/** Gives back twice what is asked for twice under one key. */
export const refundUnclaimed: PaymentStoreOf = (site) => {
  const sound = soundParts.paymentStore(site);
  return { ...sound, claimedBy: async () => undefined, saveClaimed: (next) => sound.save(next) };
};

const plenty = 1_000_000;

/** Gives back whatever somebody asks for. */
export const refundUnlimited: typeof soundParts.requestRefundRoute = ({ payments, orders, now }) =>
  soundParts.requestRefundRoute({
    orders,
    payments: {
      ...payments,
      get: async (key) => {
        const payment = await payments.get(key);
        return payment && { ...payment, capturedAmount: payment.capturedAmount + plenty };
      },
      saveClaimed: (next, claim) =>
        payments.saveClaimed({ ...next, capturedAmount: next.capturedAmount - plenty }, claim),
    },
    now,
  });

type Parsing = typeof soundParts.parseWebhook;

const parsing = (wrong: (parse: ParseWebhook) => ParseWebhook): Parsing => ({
  stripe: wrong(soundParts.parseWebhook.stripe),
  paypay: wrong(soundParts.parseWebhook.paypay),
});

/** Takes any secret for one of the provider's. */
export const signatureUnchecked: Parsing = parsing(
  (parse) => (body, header, secrets, now) => parse(body, header, [...secrets, 'whsec_Z3Vlc3NlZC1rZXk='], now),
);

const signedAt = (header: (name: string) => string | undefined): Date => {
  const seconds = header('webhook-timestamp') ?? /t=(\d+)/.exec(header('stripe-signature') ?? '')?.[1];
  return new Date(Number(seconds) * 1000);
};

/** Takes a webhook whenever it was signed. */
export const ageUnchecked: Parsing = parsing(
  (parse) => (body, header, secrets) => parse(body, header, secrets, signedAt(header)),
);

/** Does not ask the provider again. */
export const pollerOff: typeof soundParts.pollPayments = async () => ({ passes: 0, looked: 0, unfit: 0, failed: [] });

/** Looks after a payment until it is captured, and no longer. */
export const refundsLeftAlone: typeof soundParts.pollPayments = (deps) =>
  soundParts.pollPayments({
    ...deps,
    payments: {
      ...deps.payments,
      get: async (key) => {
        const payment = await deps.payments.get(key);
        return payment?.status === 'COMPLETED' ? undefined : payment;
      },
    },
  });

/** Leaves the payment of a cancelled order alone. */
export const cancelForgotten: typeof soundParts.requestPayments = (deps) => {
  const sound = soundParts.requestPayments(deps);
  return async (event) => (event.type === 'OrderCancelled.v2' ? undefined : sound(event));
};

/** Confirms an order once its stock is there, paid or not. */
export const confirmedUnpaid: typeof soundParts.advanceOrder = (deps) =>
  soundParts.advanceOrder({
    ...deps,
    orders: {
      ...deps.orders,
      save: (next) =>
        deps.orders.save(
          next.fact.type === 'OrderAwaitingPayment'
            ? {
                ...next,
                status: 'CONFIRMED',
                dueAt: undefined,
                fact: { type: 'OrderConfirmed', previousStatus: 'PENDING' },
              }
            : next,
        ),
    },
  });

/** Gives lines back whatever has become of the order. */
export const linesGivenBackUnasked: typeof soundParts.requestRefundRoute = (deps) =>
  soundParts.requestRefundRoute({ ...deps, orders: { describe: async () => undefined } });

/** Packs and ships without asking whether the payment is being refunded. */
export const shippedUnasked: typeof soundParts.updateOrderStatusRoute = (deps) =>
  soundParts.updateOrderStatusRoute({ ...deps, payments: { keptAmountOf: async () => 1 } });

/** Notes that all of the payment is refunded, and goes on with the order. */
export const refundEndsNothing: typeof soundParts.advanceOrder = (deps) =>
  soundParts.advanceOrder({
    ...deps,
    orders: {
      ...deps.orders,
      save: (next) => {
        const { fact } = next;
        if (fact.type !== 'OrderCancelled' || next.paymentStatus !== 'REFUNDED' || fact.previousStatus === 'PENDING')
          return deps.orders.save(next);
        const noted = { type: 'OrderPaymentUpdated', previousPaymentStatus: 'PAID' } as const;
        const status = fact.previousStatus;
        return deps.orders.save({ ...next, status, cancelReason: undefined, dueAt: undefined, fact: noted });
      },
    },
  });

/** Notes everything, and never says that anything is wrong. */
export const neverRaised: typeof soundParts.orderPaymentStore = (site) => {
  const sound = soundParts.orderPaymentStore(site);
  return { ...sound, save: (state) => sound.save({ ...state, alerts: {}, dueAt: undefined }) };
};

/** Never says that an alert is over. */
export const neverOver: typeof soundParts.orderPaymentStore = (site) => {
  const sound = soundParts.orderPaymentStore(site);
  return {
    ...sound,
    save: (state) => {
      const alerts = Object.fromEntries(
        Object.entries(state.alerts).map(([type, alert]) => [type, { ...alert, state: 'RAISED' as const }]),
      );
      return sound.save({ ...state, alerts });
    },
  };
};

/** Takes a capture for late when its order was cancelled since. */
export const latenessOfNow: PaymentStoreOf = writing((next) => {
  const { fact, cancelRequested } = next;
  return fact.type === 'PaymentSucceeded' ? { ...next, fact: { ...fact, late: cancelRequested } } : next;
});

/** Takes its own capture that met its own cancel for a customer who paid too late. */
export const ownCaptureBlamed: PaymentStoreOf = writing((next) => {
  const { fact } = next;
  if (fact.type !== 'PaymentSucceeded' || !fact.ownCapture) return next;
  return { ...next, late: 'paid-late', fact: { ...fact, ownCapture: undefined } };
});

const silent = async () => ({});

/** Takes what was not heard for what has not happened. */
export const nobodyAsked: typeof soundParts.reconcilePayments = (deps) =>
  soundParts.reconcilePayments({ ...deps, query: { order: silent, payment: silent } });

/** The sweep does, too. */
export const sweepAsksNobody: typeof soundParts.checkDeadlines = (deps) =>
  soundParts.checkDeadlines({ ...deps, query: { order: silent, payment: silent } });

/** Never takes a failed refund for made good. */
export const neverMadeGood: typeof soundParts.orderPaymentStore = (site) => {
  const sound = soundParts.orderPaymentStore(site);
  return {
    ...sound,
    save: (state) => {
      const failed = state.alerts.refund_failed;
      if (failed === undefined) return sound.save(state);
      return sound.save({ ...state, alerts: { ...state.alerts, refund_failed: { ...failed, state: 'RAISED' } } });
    },
  };
};

/** Tells again as of now what happened before. */
export const toldAsOfNow: typeof soundParts.paymentImageEvent = (image) => {
  const event = soundParts.paymentImageEvent(image);
  return event && { ...event, time: String(image.updatedAt ?? event.time) };
};
