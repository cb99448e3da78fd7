import { accept, type Decision, reject } from '../kernel/decision';
import {
  type Account,
  type AccountKey,
  type Entry,
  type HeldPayment,
  heldPayment,
  keysOf,
  type Posted,
  post,
} from './account';
import type { AccountBook } from './account-book';
import {
  type AskedPayment,
  type AskedRefund,
  type PaymentProvider,
  ProviderRefusedError,
  ProviderUnavailableError,
  type Sighting,
} from './provider';

type Balances = { readonly book: AccountBook; readonly now: () => Date };

const accountOf = ({ tenant, userId }: AskedPayment): AccountKey => {
  if (userId === undefined) throw new ProviderRefusedError('account-required');
  return { tenant, userId };
};

const states = { none: 'FAILED', held: 'AUTHORIZED', captured: 'CAPTURED', released: 'CANCELLED' } as const;

const externalId = (paymentId: string) => `bal_${paymentId}`;

const sight = (asked: AskedPayment, payment: HeldPayment, at: string, refusal?: string): Sighting => ({
  state: states[payment.state],
  externalPaymentId: externalId(asked.paymentId),
  amount: payment.state === 'none' || payment.state === 'released' ? asked.amount : payment.amount,
  currency: asked.currency,
  tenant: asked.tenant,
  paymentId: asked.paymentId,
  ...(payment.state === 'captured' ? { refundedAmount: payment.refunded } : {}),
  ...(refusal === undefined ? {} : { failureReason: refusal }),
  at,
});

type Step = Decision<'hold' | 'capture' | 'release' | 'void' | { readonly refund: AskedRefund }, string> | undefined;

const stepKey = (paymentId: string, step: 'hold' | 'capture' | 'release' | 'void') =>
  step === 'hold' || step === 'void' ? keysOf(paymentId).hold : keysOf(paymentId).settle;

const postStep = (
  asked: AskedPayment,
  step: Exclude<Step, undefined>,
  account: Account | undefined,
  at: string,
): Decision<Posted, string> => {
  if (!step.accepted) return step;
  const { paymentId, orderId, currency } = asked;
  const common = { currency, at, by: 'payment', orderId };
  if (typeof step.fact === 'object') {
    const { refundId, amount } = step.fact.refund;
    return post(account, accountOf(asked), {
      ...common,
      type: 'refund',
      amount,
      key: keysOf(paymentId).refund(refundId),
    });
  }
  const amount = step.fact === 'void' ? 0 : asked.amount;
  return post(account, accountOf(asked), { ...common, type: step.fact, amount, key: stepKey(paymentId, step.fact) });
};

/** Does what the payment's lines call for, and answers with the lines after it. Faults of the table are the port's. */
const act = async (
  { book, now }: Balances,
  asked: AskedPayment,
  decide: (payment: HeldPayment, entries: readonly Entry[]) => Step,
) => {
  const account = accountOf(asked);
  const at = now().toISOString();
  try {
    const done = await book.write(account, keysOf(asked.paymentId).all, (before, entries) => {
      const step = decide(heldPayment(entries), entries);
      return step === undefined ? undefined : postStep(asked, step, before, at);
    });
    return { ...done, at, payment: heldPayment(done.entries) };
  } catch (cause) {
    throw new ProviderUnavailableError('the account was not written', { cause });
  }
};

const nothing = undefined;

const refund = async (balances: Balances, asked: AskedPayment, wanted: AskedRefund) => {
  const key = keysOf(asked.paymentId).refund(wanted.refundId);
  const { refusal } = await act(balances, asked, ({ state, amount, refunded }, entries) => {
    if (entries.some((entry) => entry.key === key)) return nothing;
    if (state !== 'captured') return reject('not-captured');
    return refunded + wanted.amount > amount ? reject('amount-too-large') : accept({ refund: wanted });
  });
  if (refusal !== undefined) throw new ProviderRefusedError(refusal);
  const externalRefundId = `${externalId(asked.paymentId)}_${wanted.refundId}`;
  return { externalRefundId, amount: wanted.amount, state: 'COMPLETED' as const };
};

/** Payments from the balance that a customer has with the shop: held first, then taken or let go, and given back. */
export const balanceGateway = (book: AccountBook, now: () => Date): PaymentProvider => {
  const balances: Balances = { book, now };
  const does = async (asked: AskedPayment, decide: (payment: HeldPayment) => Step) => {
    const { payment, at, refusal } = await act(balances, asked, decide);
    return sight(asked, payment, at, refusal);
  };
  return {
    create: (charge) => does(charge, ({ state }) => (state === 'none' ? accept('hold') : nothing)),
    fetch: async (asked) => {
      const { payment, at } = await act(balances, asked, () => nothing);
      return payment.state === 'none' ? undefined : sight(asked, payment, at);
    },
    capture: async (asked) => {
      const seen = await does(asked, ({ state }) => (state === 'held' ? accept('capture') : nothing));
      if (seen.state === 'FAILED') throw new ProviderRefusedError('not-held');
      return seen;
    },
    cancel: (asked) =>
      does(asked, ({ state }) => {
        if (state === 'held') return accept('release');
        return state === 'none' ? accept('void') : nothing;
      }),
    refund: (asked, wanted) => refund(balances, asked, wanted),
  };
};
