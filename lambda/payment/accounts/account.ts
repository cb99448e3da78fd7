import * as z from 'zod';
import { maxAmount } from '../../contracts/money';
import { accept, type Decision, reject } from '../../kernel/decision';
import { parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';

export type AccountKey = { readonly tenant: Tenant; readonly userId: string };

/** What a customer has with a shop, in minor units. What is held for payments is in `held` and no longer in `balance`. */
export type Account = AccountKey & {
  readonly currency: string;
  readonly balance: number;
  readonly held: number;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** `void` moves nothing: it says that a payment which was never held never will be. */
export type EntryType = 'top-up' | 'hold' | 'capture' | 'release' | 'refund' | 'void';

/** What is to be written into an account's ledger: once, whoever asks how often, by its key. */
export type Posting = {
  readonly key: string;
  readonly type: EntryType;
  readonly amount: number;
  readonly currency: string;
  readonly at: string;
  /** Who did it. */
  readonly by: string;
  readonly orderId?: string | undefined;
};

/** A line of the ledger, with what the account held after it. Lines are numbered by the account's version. */
export type Entry = AccountKey &
  Posting & { readonly entryId: string; readonly balance: number; readonly held: number; readonly version: number };

export type Posted = { readonly account: Account; readonly entry: Entry };

export type PostingRefusal = 'other-currency' | 'insufficient-balance' | 'not-held' | 'too-much';

const effects: Readonly<Record<EntryType, { readonly balance: -1 | 0 | 1; readonly held: -1 | 0 | 1 }>> = {
  'top-up': { balance: 1, held: 0 },
  hold: { balance: -1, held: 1 },
  capture: { balance: 0, held: -1 },
  release: { balance: 1, held: -1 },
  refund: { balance: 1, held: 0 },
  void: { balance: 0, held: 0 },
};

const entryIdOf = (version: number) => String(version).padStart(12, '0');

const empty = (key: AccountKey, { currency, at }: Posting): Account => ({
  tenant: key.tenant,
  userId: key.userId,
  currency,
  balance: 0,
  held: 0,
  version: 0,
  createdAt: at,
  updatedAt: at,
});

/** Writes one line into an account's ledger. Neither what is there nor what is held ever falls below nothing. */
export const post = (
  before: Account | undefined,
  key: AccountKey,
  posting: Posting,
): Decision<Posted, PostingRefusal> => {
  const account = before ?? empty(key, posting);
  if (account.currency !== posting.currency) return reject('other-currency');
  const effect = effects[posting.type];
  const balance = account.balance + effect.balance * posting.amount;
  const held = account.held + effect.held * posting.amount;
  if (balance < 0) return reject('insufficient-balance');
  if (held < 0) return reject('not-held');
  if (posting.type === 'top-up' && balance + held > maxAmount) return reject('too-much'); // what is refunded is owed
  const version = account.version + 1;
  const { tenant, userId } = account;
  return accept({
    account: { ...account, balance, held, version, updatedAt: posting.at },
    entry: { ...posting, tenant, userId, entryId: entryIdOf(version), balance, held, version },
  });
};

/** A payment from an account's balance, as its lines of the ledger tell it. */
export type HeldPayment = {
  readonly state: 'none' | 'held' | 'captured' | 'released';
  readonly amount: number;
  readonly refunded: number;
};

/**
 * The keys of a payment's lines. To take what is held and to let it go have the same key, as have to hold and never to
 * hold: of each two only one can ever be written.
 */
export const keysOf = (paymentId: string) => ({
  all: `${paymentId}:`,
  hold: `${paymentId}:hold`,
  settle: `${paymentId}:settle`,
  refund: (refundId: string) => `${paymentId}:refund:${refundId}`,
});

const sum = (entries: readonly Entry[]) => entries.reduce((total, { amount }) => total + amount, 0);

/** What the lines of one payment come to. */
export const heldPayment = (entries: readonly Entry[]): HeldPayment => {
  const has = (type: EntryType) => entries.some((entry) => entry.type === type);
  const amount = sum(entries.filter(({ type }) => type === 'hold'));
  const refunded = sum(entries.filter(({ type }) => type === 'refund'));
  if (has('capture')) return { state: 'captured', amount, refunded };
  if (has('release') || has('void')) return { state: 'released', amount, refunded };
  return { state: has('hold') ? 'held' : 'none', amount, refunded };
};

export const accountIdOf = ({ tenant, userId }: AccountKey): string => tenantKey(tenant, userId);

/** What an account's rows sort by: itself, its claims, and then its ledger. */
export const balanceRow = '#BALANCE';
export const claimRow = (key: string) => `#KEY#${key}`;
export const firstEntry = '0';

const Amount = z.int().nonnegative();

const AccountRow = z.object({
  accountId: z.string(),
  currency: z.string(),
  balance: Amount,
  held: Amount,
  version: z.int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** Throws when the item is no account that this version knows. */
export const accountFromRow = (row: unknown): Account => {
  const { accountId, ...rest } = AccountRow.parse(row);
  const { tenant, id: userId } = parseTenantKey(accountId);
  return { ...rest, tenant, userId };
};

const EntryRow = z.object({
  accountId: z.string(),
  line: z.string(),
  key: z.string(),
  type: z.enum(['top-up', 'hold', 'capture', 'release', 'refund', 'void']),
  amount: Amount,
  currency: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  orderId: z.string().optional(),
  balance: Amount,
  held: Amount,
  version: z.int().positive(),
});

/** Throws when the item is no line of a ledger that this version knows. */
export const entryFromRow = (row: unknown): Entry => {
  const { accountId, line: entryId, ...rest } = EntryRow.parse(row);
  const { tenant, id: userId } = parseTenantKey(accountId);
  return { ...rest, tenant, userId, entryId };
};

/** A line as it is kept twice: in the ledger, and under its key. */
export const entryRows = ({ tenant, userId, entryId, ...rest }: Entry) => {
  const row = { ...rest, accountId: accountIdOf({ tenant, userId }), line: entryId };
  return [
    { ...row, entryId },
    { ...row, entryId: claimRow(rest.key) },
  ];
};
