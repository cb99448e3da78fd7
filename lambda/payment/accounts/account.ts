import * as z from 'zod';
import { maxAmount } from '../../contracts/values/money';
import { accept, type Decision, reject } from '../../kernel/decision';
import { parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';

export type AccountKey = { readonly tenant: Tenant; readonly userId: string };

/** A customer's balance with a shop, in minor units. Amounts reserved for payments are in `held`, not in `balance`. */
export type Account = AccountKey & {
  readonly currency: string;
  readonly balance: number;
  readonly held: number;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** `void` moves no money: it records that a payment without a hold will never get one. */
export type EntryType = 'top-up' | 'hold' | 'capture' | 'release' | 'refund' | 'void';

/** A change to write into an account's ledger. Its `key` makes repeated writes idempotent. */
export type Posting = {
  readonly key: string;
  readonly type: EntryType;
  readonly amount: number;
  readonly currency: string;
  readonly at: string;
  /** The user or service that made the change. */
  readonly by: string;
  readonly orderId?: string | undefined;
};

/** A ledger entry with the account's balances after it. Entries are numbered by the account's version. */
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

/** Applies one posting to an account. Rejects a posting that would make `balance` or `held` negative. */
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
  if (posting.type === 'top-up' && balance + held > maxAmount) return reject('too-much'); // refunds are owed
  const version = account.version + 1;
  const { tenant, userId } = account;
  return accept({
    account: { ...account, balance, held, version, updatedAt: posting.at },
    entry: { ...posting, tenant, userId, entryId: entryIdOf(version), balance, held, version },
  });
};

/** A payment from an account's balance, derived from its ledger entries. */
export type HeldPayment = {
  readonly state: 'none' | 'held' | 'captured' | 'released';
  readonly amount: number;
  readonly refunded: number;
};

/**
 * The ledger keys of a payment. Capture and release share a key, as do hold and void, so only one of each pair can be
 * written.
 */
export const keysOf = (paymentId: string) => ({
  all: `${paymentId}:`,
  hold: `${paymentId}:hold`,
  settle: `${paymentId}:settle`,
  refund: (refundId: string) => `${paymentId}:refund:${refundId}`,
});

const sum = (entries: readonly Entry[]) => entries.reduce((total, { amount }) => total + amount, 0);

/** Returns the state and totals of a payment from its ledger entries. */
export const heldPayment = (entries: readonly Entry[]): HeldPayment => {
  const has = (type: EntryType) => entries.some((entry) => entry.type === type);
  const amount = sum(entries.filter(({ type }) => type === 'hold'));
  const refunded = sum(entries.filter(({ type }) => type === 'refund'));
  if (has('capture')) return { state: 'captured', amount, refunded };
  if (has('release') || has('void')) return { state: 'released', amount, refunded };
  return { state: has('hold') ? 'held' : 'none', amount, refunded };
};

export const accountIdOf = ({ tenant, userId }: AccountKey): string => tenantKey(tenant, userId);

/** Sort keys of an account's rows, in order: the balance, the entries by key, the ledger. */
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

/** Throws for a row that does not match the schema. */
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

/** Throws for a row that does not match the schema. */
export const entryFromRow = (row: unknown): Entry => {
  const { accountId, line: entryId, ...rest } = EntryRow.parse(row);
  const { tenant, id: userId } = parseTenantKey(accountId);
  return { ...rest, tenant, userId, entryId };
};

/** Returns both rows of an entry: one in the ledger, one under its key. */
export const entryRows = ({ tenant, userId, entryId, ...rest }: Entry) => {
  const row = { ...rest, accountId: accountIdOf({ tenant, userId }), line: entryId };
  return [
    { ...row, entryId },
    { ...row, entryId: claimRow(rest.key) },
  ];
};
