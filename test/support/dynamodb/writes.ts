import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { BatchExecuteStatementCommand, BatchWriteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Action, Condition } from './expression';
import { copyItem, type Item, invalid, same, type Value } from './item';
import { type Expressed, meta, readExpressions, type Tables, tableNamed } from './request';
import { type MemoryTable, updated } from './table';

type Written = { readonly before: Item | undefined; readonly after: Item | undefined };

/** One write that is ready to be made: what its condition says of the item, and what becomes of the item. */
type Write = {
  readonly table: MemoryTable;
  readonly key: Item;
  readonly condition: Condition;
  /** Of an update. */
  readonly actions?: readonly Action[] | undefined;
  readonly apply: (before: Item | undefined) => Item | undefined;
  readonly returnsOnFailure: boolean;
};

type Returning = { readonly ReturnValues?: string | undefined };
type Put = Expressed & Returning & { readonly TableName?: string | undefined; readonly Item?: object | undefined };
type Keyed = Expressed & Returning & { readonly TableName?: string | undefined; readonly Key?: object | undefined };
type OnFailure = { readonly ReturnValuesOnConditionCheckFailure?: string | undefined };

const returnsOnFailure = (given: object): boolean =>
  (given as OnFailure).ReturnValuesOnConditionCheckFailure === 'ALL_OLD';

export const putOf = (tables: Tables, given: Put): Write => {
  const table = tableNamed(tables, given.TableName);
  const item = copyItem(given.Item ?? {});
  table.check(item);
  const { condition } = readExpressions(given);
  return { table, key: item, condition, apply: () => item, returnsOnFailure: returnsOnFailure(given) };
};

const keyedOf = (tables: Tables, given: Keyed, apply: (write: Omit<Write, 'apply'>) => Write['apply']): Write => {
  const table = tableNamed(tables, given.TableName);
  const key = copyItem(given.Key ?? {});
  table.checkExactKey(key);
  const { condition, actions } = readExpressions(given);
  const write = { table, key, condition, actions, returnsOnFailure: returnsOnFailure(given) };
  return { ...write, apply: apply(write) };
};

export const updateOf = (tables: Tables, given: Keyed): Write =>
  keyedOf(tables, given, ({ table, key, actions = [] }) => (before) => {
    const after = updated(before ?? key, actions);
    for (const [name, value] of Object.entries(key))
      if (!same(after[name], value)) invalid(`Cannot update attribute ${name}. This attribute is part of the key`);
    table.check(after);
    return after;
  });

export const deleteOf = (tables: Tables, given: Keyed): Write => keyedOf(tables, given, () => () => undefined);

const checkOf = (tables: Tables, given: Keyed): Write => keyedOf(tables, given, () => (before) => before);

const holds = ({ table, key, condition }: Write): boolean => condition(table.get(key) ?? {});

const make = ({ table, key, apply }: Write): Written => {
  const before = table.get(key);
  const after = apply(before);
  if (after === undefined) table.delete(key);
  else if (after !== before) table.put(after);
  return { before, after };
};

const returned = (given: string | undefined, { before, after }: Written, actions: readonly Action[]) => {
  switch (given) {
    case 'ALL_OLD':
      return before && copyItem(before);
    case 'ALL_NEW':
      return after && copyItem(after);
    case 'UPDATED_NEW':
      return copyItem(Object.fromEntries(actions.map(({ path: [name] }) => [name, after?.[String(name)]])));
    default:
      return undefined;
  }
};

const refused = ({ table, key, returnsOnFailure }: Write) => {
  const error = new ConditionalCheckFailedException({ message: 'The conditional request failed', ...meta });
  const Item = returnsOnFailure ? table.get(key) : undefined;
  return Object.assign(error, Item === undefined ? {} : { Item: marshall(Item) });
};

/** Makes one write, or throws what the real one throws when its condition does not hold. */
export const single =
  <Given extends Returning>(writeOf: (tables: Tables, given: Given) => Write) =>
  (tables: Tables, given: Given): object => {
    const write = writeOf(tables, given);
    if (!holds(write)) throw refused(write);
    const Attributes = returned(given.ReturnValues, make(write), write.actions ?? []);
    return Attributes === undefined ? meta : { Attributes, ...meta };
  };

type TransactItem = NonNullable<TransactWriteCommand['input']['TransactItems']>[number];

const transactWriteOf = (tables: Tables, { Put, Update, Delete, ConditionCheck }: TransactItem): Write => {
  if (Put !== undefined) return putOf(tables, Put);
  if (Update !== undefined) return updateOf(tables, Update);
  if (Delete !== undefined) return deleteOf(tables, Delete);
  return ConditionCheck === undefined
    ? invalid('an action of a transaction is empty')
    : checkOf(tables, ConditionCheck);
};

const maxActions = 100;

const checkDistinct = (writes: readonly Write[]): void => {
  const names = writes.map(({ table, key }) => `${table.name} ${table.keyText(key)}`);
  if (new Set(names).size < names.length) invalid('Transaction request cannot include multiple operations on one item');
};

const cancelled = (writes: readonly Write[], failed: readonly boolean[]) => {
  const reasons = writes.map((write, at) => {
    const Item = write.returnsOnFailure && failed[at] ? write.table.get(write.key) : undefined;
    return failed[at] ? { Code: 'ConditionalCheckFailed', ...(Item && { Item: marshall(Item) }) } : { Code: 'None' };
  });
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new TransactionCanceledException({ message, CancellationReasons: reasons as never, ...meta });
};

export const transact = (tables: Tables, { TransactItems: items = [] }: TransactWriteCommand['input']): object => {
  if (items.length === 0 || items.length > maxActions) invalid('Member must have length between 1 and 100');
  const writes = items.map((one) => transactWriteOf(tables, one));
  checkDistinct(writes);
  const failed = writes.map((write) => !holds(write));
  if (failed.includes(true)) throw cancelled(writes, failed);
  for (const write of writes) make(write);
  return meta;
};

const maxWrites = 25;

export const batchWrite = (tables: Tables, { RequestItems = {} }: BatchWriteCommand['input']) => {
  const writes = Object.entries(RequestItems).flatMap(([TableName, requests = []]) =>
    requests.map(({ PutRequest, DeleteRequest }) =>
      PutRequest === undefined
        ? deleteOf(tables, { TableName, Key: DeleteRequest?.Key })
        : putOf(tables, { TableName, Item: PutRequest.Item }),
    ),
  );
  if (writes.length === 0 || writes.length > maxWrites) invalid('Too many items requested for the BatchWriteItem call');
  checkDistinct(writes);
  for (const write of writes) make(write);
  return { UnprocessedItems: {}, ...meta };
};

const insertText = /^INSERT INTO "([^"]+)" VALUE \{(.*)\}$/;

const insert = (
  tables: Tables,
  { Statement = '', Parameters = [] }: { Statement?: string | undefined; Parameters?: Value[] | undefined },
) => {
  const [, name, columns = ''] = insertText.exec(Statement) ?? invalid(`Statement wasn't well formed: ${Statement}`);
  const names = [...columns.matchAll(/'([^']+)': \?/g)].map(([, column = '']) => column);
  if (names.length !== Parameters.length) invalid('Number of parameters in request and statement do not match');
  const item = copyItem(Object.fromEntries(names.map((column, at) => [column, Parameters[at]])));
  const write = putOf(tables, { TableName: name, Item: item });
  const TableName = write.table.name;
  if (write.table.get(item) !== undefined)
    return { TableName, Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } };
  make(write);
  return { TableName };
};

export const batchInsert = (tables: Tables, { Statements = [] }: BatchExecuteStatementCommand['input']) => {
  if (Statements.length === 0 || Statements.length > maxWrites) invalid('Member must have length between 1 and 25');
  return { Responses: Statements.map((one) => insert(tables, one)), ...meta };
};
