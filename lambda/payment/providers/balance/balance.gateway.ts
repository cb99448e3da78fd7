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
  type PaymentProvider,
  type PaymentReference,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
} from '../provider';

const maxTries = 20;

export type AccountBook = ReturnType<typeof accountBook>;

/** Decides the posting from the account and the payment's entries. Returns undefined when there is nothing to write. */
export type Decide = (account: Account | undefined, entries: readonly Entry[]) => Decision<Posted, string> | undefined;

export type TopUp = Omit<Posting, 'type' | 'orderId'>;

type Written = { readonly account: Account | undefined; readonly entries: readonly Entry[]; readonly refusal?: string };

/** Returns undefined after a concurrent change. */
const tryWrite = async (store: AccountStore, key: AccountKey, prefix: string, decide: Decide) => {
  const account = await store.get(key);
  const entries = await store.entriesWith(key, prefix); // read after the account: a newer entry has raised its version
  const decision = decide(account, entries);
  if (decision === undefined) return { account, entries };
  if (!decision.accepted) return { account, entries, refusal: decision.reason };
  const { fact: posted } = decision;
  return (await store.record(posted)) ? { account: posted.account, entries: [...entries, posted.entry] } : undefined;
};

/** Writes ledger entries, decided again after each concurrent change. */
export const accountBook = (store: AccountStore) => {
  /** Returns the account and entries after the write, or the refusal. Throws after twenty tries. */
  const write = async (key: AccountKey, prefix: string, decide: Decide): Promise<Written> => {
    for (let tried = 1; tried <= maxTries; tried += 1) {
      const written = await tryWrite(store, key, prefix, decide);
      if (written !== undefined) return written;
    }
    throw new Error(`the account changed in each of ${maxTries} maxTries`);
  };

  const known = (entry: Entry, { amount, currency }: TopUp) => entry.amount === amount && entry.currency === currency;

  return {
    get: store.get,
    entries: store.entries,
    write,

    /** Tops up an account, once per key. Rejects the same key with another amount. */
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

const accountOf = ({ tenant, userId }: PaymentReference): AccountKey => {
  if (userId === undefined) throw new ProviderRefusedError('account-required');
  return { tenant, userId };
};

const states = { none: 'FAILED', held: 'AUTHORIZED', captured: 'CAPTURED', released: 'CANCELLED' } as const;

const externalId = (paymentId: string) => `bal_${paymentId}`;

const snapshotOf = (
  reference: PaymentReference,
  payment: HeldPayment,
  at: string,
  refusal?: string,
): ProviderSnapshot => ({
  state: states[payment.state],
  externalPaymentId: externalId(reference.paymentId),
  amount: payment.state === 'none' || payment.state === 'released' ? reference.amount : payment.amount,
  currency: reference.currency,
  tenant: reference.tenant,
  paymentId: reference.paymentId,
  ...(payment.state === 'captured' ? { refundedAmount: payment.refunded } : {}),
  ...(refusal === undefined ? {} : { failureReason: refusal }),
  at,
});

type Step = Decision<'hold' | 'capture' | 'release' | 'void' | { readonly refund: RefundRequest }, string> | undefined;

const stepKey = (paymentId: string, step: 'hold' | 'capture' | 'release' | 'void') =>
  step === 'hold' || step === 'void' ? keysOf(paymentId).hold : keysOf(paymentId).settle;

const postStep = (
  reference: PaymentReference,
  step: Exclude<Step, undefined>,
  account: Account | undefined,
  at: string,
): Decision<Posted, string> => {
  if (!step.accepted) return step;
  const { paymentId, orderId, currency } = reference;
  const common = { currency, at, by: 'payment', orderId };
  if (typeof step.fact === 'object') {
    const { refundId, amount } = step.fact.refund;
    return post(account, accountOf(reference), {
      ...common,
      type: 'refund',
      amount,
      key: keysOf(paymentId).refund(refundId),
    });
  }
  const amount = step.fact === 'void' ? 0 : reference.amount;
  return post(account, accountOf(reference), {
    ...common,
    type: step.fact,
    amount,
    key: stepKey(paymentId, step.fact),
  });
};

/** Applies a decided step and returns the state after it. Throws ProviderUnavailableError when the write fails. */
const act = async (
  { book, now }: Balances,
  reference: PaymentReference,
  decide: (payment: HeldPayment, entries: readonly Entry[]) => Step,
) => {
  const account = accountOf(reference);
  const at = now().toISOString();
  try {
    const written = await book.write(account, keysOf(reference.paymentId).all, (before, entries) => {
      const step = decide(heldPayment(entries), entries);
      return step === undefined ? undefined : postStep(reference, step, before, at);
    });
    return { ...written, at, payment: heldPayment(written.entries) };
  } catch (cause) {
    throw new ProviderUnavailableError('the account could not be written', { cause });
  }
};

const nothing = undefined;

const refund = async (balances: Balances, reference: PaymentReference, request: RefundRequest) => {
  const key = keysOf(reference.paymentId).refund(request.refundId);
  const { refusal } = await act(balances, reference, ({ state, amount, refunded }, entries) => {
    if (entries.some((entry) => entry.key === key)) return nothing;
    if (state !== 'captured') return reject('not-captured');
    return refunded + request.amount > amount ? reject('amount-too-large') : accept({ refund: request });
  });
  if (refusal !== undefined) throw new ProviderRefusedError(refusal);
  const externalRefundId = `${externalId(reference.paymentId)}_${request.refundId}`;
  return { externalRefundId, amount: request.amount, state: 'COMPLETED' as const };
};

/** Payments from the customer's balance with the shop: hold, capture or release, refund. */
export const balanceGateway = (book: AccountBook, now: () => Date): PaymentProvider => {
  const balances: Balances = { book, now };
  const perform = async (reference: PaymentReference, decide: (payment: HeldPayment) => Step) => {
    const { payment, at, refusal } = await act(balances, reference, decide);
    return snapshotOf(reference, payment, at, refusal);
  };
  return {
    create: (charge) => perform(charge, ({ state }) => (state === 'none' ? accept('hold') : nothing)),
    fetch: async (reference) => {
      const { payment, at } = await act(balances, reference, () => nothing);
      return payment.state === 'none' ? undefined : snapshotOf(reference, payment, at);
    },
    capture: async (reference) => {
      const snapshot = await perform(reference, ({ state }) => (state === 'held' ? accept('capture') : nothing));
      if (snapshot.state === 'FAILED') throw new ProviderRefusedError('not-held');
      return snapshot;
    },
    cancel: (reference) =>
      perform(reference, ({ state }) => {
        if (state === 'held') return accept('release');
        return state === 'none' ? accept('void') : nothing;
      }),
    refund: (reference, request) => refund(balances, reference, request),
  };
};
