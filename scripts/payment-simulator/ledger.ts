import { ownerOfPayPayId, payPayIdOf } from '../../lambda/contracts/values/paypay-ids';
import {
  type DisputeStatus,
  isHeld,
  isOpen,
  isPayable,
  type NewPayment,
  newPayment,
  type PaymentState,
  type ProviderEvent,
  randomId,
  type SimulatedDispute,
  type SimulatedPayment,
  type SimulatedRefund,
} from './payment';
import type { ScenarioBook, ScenarioRequest } from './scenario';

export type Ledger = ReturnType<typeof ledger>;

type Deps = {
  readonly scenarios: ScenarioBook;
  readonly now: () => number;
  readonly notify: (event: ProviderEvent) => void;
  readonly forge: (payment: SimulatedPayment) => void;
  /** Runs something later; whoever stops the simulator stops it, too. */
  readonly later: (ms: number, work: () => void) => void;
};

const autoPayMs = 50; // after the shop has heard that there is such a payment

const settle = ({ notify }: Deps, payment: SimulatedPayment, state: Exclude<PaymentState, 'open'>): void => {
  payment.state = state;
  if (state === 'paid') payment.captured = payment.amount - (payment.scenario.name === 'wrong-amount' ? 1 : 0);
  if (state === 'declined' || state === 'failed') payment.failure = 'card_declined';
  notify({ what: state, payment });
};

const declinedAs = ({ provider }: SimulatedPayment) => (provider === 'stripe' ? 'declined' : 'failed');

const twinIdOf = ({ provider, id }: SimulatedPayment): string => {
  const owner = provider === 'paypay' ? ownerOfPayPayId(id) : undefined;
  return owner === undefined ? `${id}Twin` : payPayIdOf(owner, 'zz');
};

/** A second payment for the same order, as a provider's fault would make it. */
const twin = (deps: Deps, payment: SimulatedPayment): SimulatedPayment => {
  const other = newPayment({ ...payment, id: twinIdOf(payment) }, payment.scenario, deps.now());
  settle(deps, other, 'paid');
  return other;
};

/** What the customer's click does. */
const pay = (deps: Deps, payment: SimulatedPayment): SimulatedPayment[] => {
  if (!isPayable(payment, deps.now())) return [];
  const { name } = payment.scenario;
  if (name === 'fails') {
    settle(deps, payment, declinedAs(payment));
    return [];
  }
  if (name === 'webhook-reordered') deps.notify({ what: 'declined', payment: { ...payment, state: 'declined' } });
  settle(deps, payment, 'paid');
  return name === 'paid-twice' ? [twin(deps, payment)] : [];
};

const finish = ({ notify }: Deps, payment: SimulatedPayment, refund: SimulatedRefund, good: boolean): void => {
  refund.state = good ? 'done' : 'failed';
  notify({ what: good ? 'refunded' : 'refund-failed', payment, refund });
};

type Wanted = Pick<SimulatedRefund, 'id' | 'amount' | 'metadata'>;

const disputeDays = 20; // as long as a shop usually has to answer

type Opened = { readonly amount: number; readonly reason: string; readonly status: DisputeStatus };

const openDispute = ({ notify, now }: Deps, payment: SimulatedPayment, opened: Opened): void => {
  const createdAt = now();
  const dueBy = createdAt + disputeDays * 86_400_000;
  const dispute: SimulatedDispute = { ...opened, id: `du_${randomId()}`, createdAt, dueBy };
  payment.disputes.push(dispute);
  notify({ what: 'dispute-created', payment, dispute });
  if (isHeld(payment)) notify({ what: 'dispute-funds-withdrawn', payment, dispute });
};

const over: readonly DisputeStatus[] = ['won', 'lost', 'warning_closed'];

const moveDispute = (deps: Deps, payment: SimulatedPayment, dispute: SimulatedDispute, status: DisputeStatus): void => {
  dispute.status = status;
  deps.notify({ what: over.includes(status) ? 'dispute-closed' : 'dispute-updated', payment, dispute });
  if (status === 'won') deps.notify({ what: 'dispute-funds-reinstated', payment, dispute });
};

const refund = (deps: Deps, payment: SimulatedPayment, wanted: Wanted): SimulatedRefund => {
  const made: SimulatedRefund = { ...wanted, createdAt: deps.now(), state: 'pending' };
  payment.refunds.push(made);
  deps.notify({ what: 'charge-refunded', payment });
  const { name, delayMs } = payment.scenario;
  if (name === 'refund-pending') deps.later(delayMs, () => finish(deps, payment, made, true));
  else finish(deps, payment, made, name !== 'refund-fails');
  return made;
};

/** What becomes of a payment after it is paid. */
const afterPayment = (deps: Deps) => ({
  refund: (payment: SimulatedPayment, wanted: Wanted): SimulatedRefund => refund(deps, payment, wanted),

  /** Somebody refunds in the provider's dashboard: without any metadata of the shop's. */
  refundElsewhere: (payment: SimulatedPayment, amount: number): SimulatedRefund => {
    const id = payment.provider === 'stripe' ? `re_${randomId()}` : `console-${randomId()}`;
    return refund(deps, payment, { id, amount, metadata: {} });
  },

  /** The customer disputes the payment with their bank. */
  dispute: (payment: SimulatedPayment, opened: Opened): void => openDispute(deps, payment, opened),

  /** The shop has answered, or the bank has decided. */
  moveDispute: (payment: SimulatedPayment, dispute: SimulatedDispute, status: DisputeStatus): void =>
    moveDispute(deps, payment, dispute, status),
});

/** Nobody can pay by a code of PayPay whose address was lost on its way: it is told once. */
const canBeFound = ({ provider, scenario }: SimulatedPayment) => provider !== 'paypay' || scenario.answersToLose === 0;

/** All payments of the simulated providers, and what can be done with them. In memory alone. */
export const ledger = (deps: Deps) => {
  const payments = new Map<string, SimulatedPayment>();
  const all = () => [...payments.values()];
  const keep = (payment: SimulatedPayment) => payments.set(payment.id, payment);
  const payNow = (payment: SimulatedPayment) => pay(deps, payment).forEach(keep);
  return {
    ...afterPayment(deps),

    all,
    get: (id: string): SimulatedPayment | undefined => payments.get(id),
    find: (fits: (payment: SimulatedPayment) => boolean): SimulatedPayment | undefined => all().find(fits),

    isDown: deps.scenarios.isDown,
    scenarioOf: deps.scenarios.named,

    open: (given: NewPayment): SimulatedPayment => {
      const payment = newPayment(given, deps.scenarios.take(given.subject), deps.now());
      keep(payment);
      if (payment.scenario.name === 'webhook-forged') deps.forge(payment);
      if (payment.scenario.autoPay && canBeFound(payment)) deps.later(autoPayMs, () => payNow(payment));
      return payment;
    },

    pay: payNow,

    /** The customer will not pay: the payment is over. */
    refuse: (payment: SimulatedPayment): void => {
      if (isPayable(payment, deps.now())) settle(deps, payment, payment.provider === 'stripe' ? 'cancelled' : 'failed');
    },

    /** The shop gives up. In one scenario the customer pays a moment before that. */
    cancel: (payment: SimulatedPayment): void => {
      if (payment.scenario.name === 'late-success') payNow(payment);
      if (isOpen(payment)) settle(deps, payment, 'cancelled');
    },

    /** Gives a scenario to the payments that are there already. */
    play: (request: ScenarioRequest): void => {
      for (const payment of all()) {
        const scenario = deps.scenarios.change(request, payment.subject);
        if (scenario === undefined) continue;
        payment.scenario = scenario;
        if (scenario.autoPay) deps.later(0, () => payNow(payment));
      }
    },
  };
};
