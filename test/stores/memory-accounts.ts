import type { Account, AccountKey, Entry } from '../../lambda/payment/accounts/account';
import { accountIdOf } from '../../lambda/payment/accounts/account';
import type { AccountStore } from '../../lambda/payment/accounts/account.store';
import { conflicts, directly, type Io, stored } from './io';

export type AccountTables = { readonly accounts: Map<string, Account>; readonly entries: Map<string, Entry[]> };

export const accountTables = (): AccountTables => ({ accounts: new Map(), entries: new Map() });

const entriesOf = ({ entries }: AccountTables, key: AccountKey): readonly Entry[] =>
  entries.get(accountIdOf(key)) ?? [];

const byKey = (one: Entry, other: Entry) => (one.key < other.key ? -1 : 1);

/** Customers' balances in memory, as the table keeps them. */
export const memoryAccountStore = (tables: AccountTables, io: Io = directly): AccountStore => {
  const record: AccountStore['record'] = (posted) =>
    io(
      'accounts.record',
      () => {
        const { account, entry } = stored(posted);
        const id = accountIdOf(account);
        const isNext = (tables.accounts.get(id)?.version ?? 0) === account.version - 1;
        const written = entriesOf(tables, account);
        if (!isNext || written.some(({ key }) => key === entry.key)) return false;
        tables.accounts.set(id, account);
        tables.entries.set(id, [...written, entry]);
        return true;
      },
      conflicts,
    );
  return {
    record,
    get: (key) => io('accounts.get', () => tables.accounts.get(accountIdOf(key))),
    entry: (key, entryKey) => io('accounts.entry', () => entriesOf(tables, key).find((one) => one.key === entryKey)),
    entriesWith: (key, prefix) =>
      io('accounts.entriesWith', () =>
        entriesOf(tables, key)
          .filter((entry) => entry.key.startsWith(prefix))
          .sort(byKey),
      ),
    entries: (key, { limit, after = '~' }) =>
      io('accounts.entries', () =>
        [...entriesOf(tables, key)]
          .reverse()
          .filter(({ entryId }) => entryId < after)
          .slice(0, limit),
      ),
  };
};
