import { accept, type Decision, reject } from '../../../kernel/decision';
import {
  type Account,
  type AccountKey,
  type Entry,
  type HeldPayment,
  heldPayment,
  keysOf,
  type Posted,
  type Posting,
  type PostingRefusal,
  post,
} from '../../accounts/account';
import type { AccountStore } from '../../accounts/account.store';
import {
  type AskedPayment,
  type AskedRefund,
  type PaymentProvider,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
} from '../provider';

const tries = 20;

export type AccountBook = ReturnType<typeof accountBook>;

/** What is to be written, by what the account and the payment's lines are at this moment. Nothing to write: nothing. */
export type Decide = (account: Account | undefined, entries: readonly Entry[]) => Decision<Posted, string> | undefined;

export type TopUp = Omit<Posting, 'type' | 'orderId'>;

type Written = { readonly account: Account | undefined; readonly entries: readonly Entry[]; readonly refusal?: string };

/** Nothing when somebody else was faster. */
const tryWrite = async (store: AccountStore, key: AccountKey, prefix: string, decide: Decide) => {
  const account = await store.get(key);
  const entries = await store.entriesWith(key, prefix); // after the account: what is newer has raised its version
  const decision = decide(account, entries);
  if (decision === undefined) return { account, entries };
  if (!decision.accepted) return { account, entries, refusal: decision.reason };
  const { fact: posted } = decision;
  return (await store.record(posted)) ? { account: posted.account, entries: [...entries, posted.entry] } : undefined;
};

/** Writes into ledgers: decides by what is there, and again when somebody else was faster. */
export const accountBook = (store: AccountStore) => {
  /** Answers with the account and the lines as they are after it, or with why nothing was written. */
  const write = async (key: AccountKey, prefix: string, decide: Decide): Promise<Written> => {
    for (let tried = 1; tried <= tries; tried += 1) {
      const written = await tryWrite(store, key, prefix, decide);
      if (written !== undefined) return written;
    }
    throw new Error('the account changes faster than it can be written');
  };

  const known = (entry: Entry, { amount, currency }: TopUp) => entry.amount === amount && entry.currency === currency;

  return {
    get: store.get,
    entries: store.entries,
    write,

    /** Puts money into an account, once for each key. The same key with another amount is refused. */
    topUp: async (key: AccountKey, topUp: TopUp): Promise<Decision<Entry, PostingRefusal | 'key-used'>> => {
      const posting: Posting = { ...topUp, key: `top-up:${topUp.key}`, type: 'top-up' };
      const { entries, refusal } = await write(key, posting.key, (account, written) =>
        written.some((entry) => entry.key === posting.key) ? undefined : post(account, key, posting),
      );
      if (refusal !== undefined) return { accepted: false, reason: refusal as PostingRefusal };
      const entry = entries.find((one) => one.key === posting.key);
      if (entry === undefined || !known(entry, topUp)) return { accepted: false, reason: 'key-used' };
      return { accepted: true, fact: entry };
    },
  };
};

type Balances = { readonly book: AccountBook; readonly now: () => Date };

const accountOf = ({ tenant, userId }: AskedPayment): AccountKey => {
  if (userId === undefined) throw new ProviderRefusedError('account-required');
  return { tenant, userId };
};

const states = { none: 'FAILED', held: 'AUTHORIZED', captured: 'CAPTURED', released: 'CANCELLED' } as const;

const externalId = (paymentId: string) => `bal_${paymentId}`;

const sight = (asked: AskedPayment, payment: HeldPayment, at: string, refusal?: string): ProviderSnapshot => ({
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
