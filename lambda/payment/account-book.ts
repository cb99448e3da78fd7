import type { Decision } from '../kernel/decision';
import {
  type Account,
  type AccountKey,
  type Entry,
  type Posted,
  type Posting,
  type PostingRefusal,
  post,
} from './account';
import type { AccountStore } from './account.store';

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
