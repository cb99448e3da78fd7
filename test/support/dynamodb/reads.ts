import type { BatchGetCommand, GetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { copyItem, type Item, invalid, type Value } from './item';
import { type Expressed, meta, readExpressions, type Tables, tableNamed } from './request';
import type { Order } from './table';

const pick = (item: Item, paths: readonly (readonly unknown[])[] | undefined): Item =>
  paths === undefined
    ? copyItem(item)
    : copyItem(Object.fromEntries(paths.map(([name]) => [name, item[String(name)]])));

export const get = (tables: Tables, given: GetCommand['input']) => {
  const table = tableNamed(tables, given.TableName);
  table.checkExactKey(copyItem(given.Key ?? {}));
  const { paths } = readExpressions(given);
  const found = table.get(given.Key ?? {});
  return found === undefined ? meta : { Item: pick(found, paths), ...meta };
};

type Paged = Expressed & {
  readonly IndexName?: string | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
  readonly Select?: string | undefined;
};

/** A page of items: from after the start key, as many as the limit says, and of those what the filter leaves. */
const page = (items: readonly Item[], order: Order, given: Paged) => {
  const { Limit = Number.POSITIVE_INFINITY, ExclusiveStartKey, Select } = given;
  if (Limit < 1) invalid('Limit must be at least 1');
  const { filter, paths } = readExpressions(given);
  const left =
    ExclusiveStartKey === undefined ? items : items.filter((item) => order.rank(item, ExclusiveStartKey) > 0);
  const looked = left.slice(0, Limit);
  const last = looked.length === Limit ? looked.at(-1) : undefined;
  const found = looked.filter(filter);
  return {
    ...(Select === 'COUNT' ? {} : { Items: found.map((item) => pick(item, paths)) }),
    Count: found.length,
    ScannedCount: looked.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: order.keyOf(last) }),
    ...meta,
  };
};

const equalsOf = (text: string, given: Expressed, name: string): Value => {
  for (const [, left = '', right = ''] of text.matchAll(/([#\w]+)\s*=\s*(:\w+)/g))
    if ((given.ExpressionAttributeNames?.[left] ?? left) === name) return given.ExpressionAttributeValues?.[right];
  return invalid(`Query condition missed key schema element: ${name}`);
};

export const query = (tables: Tables, given: QueryCommand['input']) => {
  const table = tableNamed(tables, given.TableName);
  const { IndexName, ConsistentRead, ScanIndexForward = true, KeyConditionExpression = '' } = given;
  if (IndexName !== undefined && ConsistentRead === true)
    invalid('Consistent reads are not supported on global secondary indexes');
  const { isInRange } = readExpressions(given);
  const order = table.order(IndexName, ScanIndexForward ? 1 : -1);
  const items = table.partition(IndexName, equalsOf(KeyConditionExpression, given, order.partition)).filter(isInRange);
  return page(items.sort(order.rank), order, given);
};

export const scan = (tables: Tables, given: ScanCommand['input']) => {
  const table = tableNamed(tables, given.TableName);
  const order = table.order(undefined, 1);
  return page(table.all().sort(order.rank), order, given);
};

const maxReads = 100;

export const batchGet = (tables: Tables, { RequestItems = {} }: BatchGetCommand['input']) => {
  const wanted = Object.entries(RequestItems).flatMap(([name, { Keys = [] }]) => Keys.map((Key) => ({ name, Key })));
  if (wanted.length === 0 || wanted.length > maxReads) invalid('Too many items requested for the BatchGetItem call');
  if (new Set(wanted.map((one) => JSON.stringify(one))).size < wanted.length)
    invalid('Provided list of item keys contains duplicates');
  const Responses: Record<string, Item[]> = {};
  for (const { name, Key } of wanted) {
    const table = tableNamed(tables, name);
    table.checkExactKey(Key);
    const { ProjectionExpression, ExpressionAttributeNames } = RequestItems[name] ?? {};
    const { paths } = readExpressions({ ProjectionExpression, ExpressionAttributeNames });
    const found = table.get(Key);
    const rows = Responses[name] ?? [];
    Responses[name] = found === undefined ? rows : [...rows, pick(found, paths)];
  }
  return { Responses, UnprocessedKeys: {}, ...meta };
};
