import * as z from 'zod';
import { parseTenantKey, tenantKey } from '../kernel/tenant';
import type { Account, AccountKey, Entry } from './account';

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
