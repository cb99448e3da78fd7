import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { isTransactionConflict, queryAll, queryPage, transact } from '../../kernel/dynamodb/dynamodb';
import { type Backoff, jitteredBackoff } from '../../kernel/retry';
import type { Account, AccountKey, Entry, Posted } from './account';
import { accountFromRow, accountIdOf, balanceRow, claimRow, entryFromRow, entryRows, firstEntry } from './account';

export type EntryPage = { readonly limit: number; readonly after?: string | undefined };

type Accounts = { readonly table: string; readonly db: DynamoDBDocumentClient; readonly backoff: Backoff };

const read = async ({ table, db }: Accounts, key: AccountKey, entryId: string) => {
  const Key = { accountId: accountIdOf(key), entryId };
  return (await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
};

const writeAccount = (TableName: string, { tenant, userId, ...columns }: Account) => ({
  Put: {
    TableName,
    Item: { accountId: accountIdOf({ tenant, userId }), entryId: balanceRow, ...columns },
    ConditionExpression: columns.version === 1 ? 'attribute_not_exists(accountId)' : '#version = :before',
    ...(columns.version === 1
      ? {}
      : {
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':before': columns.version - 1 },
        }),
  },
});

const record = async ({ table, db, backoff }: Accounts, { account, entry }: Posted): Promise<boolean> => {
  const lines = entryRows(entry).map((Item) => ({
    Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(accountId)' },
  }));
  const cancelled = await transact(db, [writeAccount(table, account), ...lines], backoff);
  if (isTransactionConflict(cancelled)) throw cancelled;
  return cancelled === undefined;
};

const entriesWith = async ({ table, db }: Accounts, key: AccountKey, prefix: string): Promise<Entry[]> => {
  const rows = await queryAll(db, {
    TableName: table,
    KeyConditionExpression: 'accountId = :account AND begins_with(entryId, :prefix)',
    ExpressionAttributeValues: { ':account': accountIdOf(key), ':prefix': claimRow(prefix) },
    ConsistentRead: true,
  });
  return rows.map(entryFromRow);
};

const page = async ({ table, db }: Accounts, key: AccountKey, { limit, after }: EntryPage): Promise<Entry[]> => {
  const accountId = accountIdOf(key);
  const { rows } = await queryPage(db, {
    TableName: table,
    KeyConditionExpression: 'accountId = :account AND entryId >= :first', // the other rows sort before
    ExpressionAttributeValues: { ':account': accountId, ':first': firstEntry },
    ...(after === undefined ? {} : { ExclusiveStartKey: { accountId, entryId: after } }),
    ScanIndexForward: false,
    Limit: limit,
  });
  return rows.map(entryFromRow);
};

/** Customers' balances and the ledger of each. Every entry is one version of its account. */
export const accountStore = (table: string, db: DynamoDBDocumentClient, backoff: Backoff = jitteredBackoff) => {
  const accounts: Accounts = { table, db, backoff };
  return {
    get: async (key: AccountKey): Promise<Account | undefined> => {
      const row = await read(accounts, key, balanceRow);
      return row === undefined ? undefined : accountFromRow(row);
    },

    /** Returns the entry that was written under a key. */
    entry: async (key: AccountKey, entryKey: string): Promise<Entry | undefined> => {
      const row = await read(accounts, key, claimRow(entryKey));
      return row === undefined ? undefined : entryFromRow(row);
    },

    /** Returns the entries whose keys begin with `prefix`. */
    entriesWith: (key: AccountKey, prefix: string): Promise<Entry[]> => entriesWith(accounts, key, prefix),

    /**
     * Writes an account with the entry that changed it. Returns false after a concurrent change or when the key was
     * used.
     */
    record: (posted: Posted): Promise<boolean> => record(accounts, posted),

    /** Returns the ledger entries before `after`, newest first. */
    entries: (key: AccountKey, range: EntryPage): Promise<Entry[]> => page(accounts, key, range),
  };
};

export type AccountStore = ReturnType<typeof accountStore>;
