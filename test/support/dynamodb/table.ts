import type { Action, Operand, Step } from './expression';
import { evaluate } from './expression';
import { copy, copyItem, type Item, invalid, itemSize, order, same, typeOf, type Value } from './item';

export type KeyType = 'S' | 'N' | 'B';

/** A key: the name of each part and its type. */
export type KeySchema = {
  readonly partition: readonly [name: string, type: KeyType];
  readonly sort?: readonly [name: string, type: KeyType] | undefined;
};

/** An index: its key, and which other attributes it has besides the keys. @default all of them */
export type IndexSchema = KeySchema & { readonly projected?: readonly string[] | undefined };

export type TableSchema = KeySchema & {
  readonly indexes?: Readonly<Record<string, IndexSchema>> | undefined;
  /** The attribute with the time at which an item expires, in epoch seconds. */
  readonly expiry?: string | undefined;
};

/** Hears of each change of an item, as a stream tells it; undefined before it was there and after it is gone. */
export type OnChange = (before: Item | undefined, after: Item | undefined) => void;

const maxItemSize = 400 * 1024;

const partsOf = ({ partition, sort }: KeySchema) => (sort === undefined ? [partition] : [partition, sort]);

const keyText = (item: Item, schema: KeySchema): string =>
  partsOf(schema)
    .map(([name]) => String(item[name]))
    .join('\u0000');

const hasKey = (item: Item, schema: KeySchema): boolean =>
  partsOf(schema).every(([name, type]) => item[name] !== undefined && typeOf(item[name]) === type && item[name] !== '');

const checkKey = (item: Item, schema: KeySchema): void => {
  for (const [name, type] of partsOf(schema)) {
    const value = item[name];
    if (value === undefined) invalid(`One of the required keys was not given a value: ${name}`);
    if (typeOf(value) !== type) invalid(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    if (value === '') invalid(`One or more parameter values are not valid: key ${name} is an empty string value`);
  }
};

const checkIndexKey = (index: string, name: string, type: KeyType, value: Value): void => {
  if (value === undefined) return;
  if (typeOf(value) !== type) invalid(`Type mismatch for Index Key ${name} of ${index}: expected ${type}`);
  if (value === '') invalid(`One or more parameter values are not valid: index key ${name} is an empty string value`);
};

/** An index refuses an item with an attribute of a wrong type; one without the attribute is not in it. */
const checkIndexKeys = (item: Item, { indexes = {} }: TableSchema): void => {
  for (const [index, schema] of Object.entries(indexes))
    for (const [name, type] of partsOf(schema)) checkIndexKey(index, name, type, item[name]);
};

type Entry = { readonly key: string; readonly item: Item };

/** One partition's items by primary key. */
type Partitions = Map<Value, Map<string, Item>>;

const enter = (partitions: Partitions, partition: Value, { key, item }: Entry) => {
  const known = partitions.get(partition) ?? new Map<string, Item>();
  partitions.set(partition, known.set(key, item));
};

/** The items of a table or an index, by partition. */
class Partitioned {
  private readonly partitions: Partitions = new Map();

  constructor(readonly schema: KeySchema) {}

  replace(key: string, before: Item | undefined, after: Item | undefined): void {
    const [name] = this.schema.partition;
    if (before !== undefined) this.partitions.get(before[name])?.delete(key);
    if (after !== undefined && hasKey(after, this.schema)) enter(this.partitions, after[name], { key, item: after });
  }

  inPartition(partition: Value): Item[] {
    return [...(this.partitions.get(partition)?.values() ?? [])];
  }
}

const project = (item: Item, names: readonly string[] | undefined): Item =>
  names === undefined ? item : Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

/** The order of a query or a scan. */
export type Order = {
  /** The name of the partition key. */
  readonly partition: string;
  readonly rank: (one: Item, other: Item) => number;
  /** Returns what a page names as its last key. */
  readonly keyOf: (item: Item) => Item;
};

/** One table: its items, and its indexes, which follow at once unless they lag. */
export class MemoryTable {
  private readonly items = new Map<string, Item>();
  private readonly partitions: Partitioned;
  private readonly indexes: ReadonlyMap<string, Partitioned>;
  private readonly waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly schema: TableSchema,
    private readonly options: { readonly onChange?: OnChange | undefined; readonly lagging?: boolean } = {},
  ) {
    this.partitions = new Partitioned(schema);
    this.indexes = new Map(
      Object.entries(schema.indexes ?? {}).map(([index, given]) => [index, new Partitioned(given)]),
    );
  }

  get(key: Item): Item | undefined {
    checkKey(key, this.schema);
    return this.items.get(keyText(key, this.schema));
  }

  /** Throws unless the key has exactly the parts of the table's key. */
  checkExactKey(key: Item): void {
    checkKey(key, this.schema);
    if (Object.keys(key).length !== partsOf(this.schema).length)
      invalid('The provided key element does not match the schema');
  }

  /** Throws for an item that the table cannot hold. */
  check(item: Item): void {
    checkKey(item, this.schema);
    checkIndexKeys(item, this.schema);
    if (itemSize(item) > maxItemSize) invalid('Item size has exceeded the maximum allowed size');
  }

  put(item: Item): void {
    this.replace(this.get(item), item);
  }

  delete(key: Item): void {
    this.replace(this.get(key), undefined);
  }

  private replace(before: Item | undefined, after: Item | undefined): void {
    const one = after ?? before;
    if (one === undefined) return;
    const key = keyText(one, this.schema);
    if (after === undefined) this.items.delete(key);
    else this.items.set(key, after);
    this.partitions.replace(key, before, after);
    const index = () => {
      for (const each of this.indexes.values()) each.replace(key, before, after);
    };
    if (this.options.lagging === true) this.waiting.push(index);
    else index();
    if (!same(before, after)) this.options.onChange?.(before && copyItem(before), after && copyItem(after));
  }

  /** How many changes its indexes lag behind. */
  get behind(): number {
    return this.waiting.length;
  }

  /** Takes the oldest changes into the indexes that lag. @default all of them */
  catchUp(changes = this.waiting.length): void {
    for (const index of this.waiting.splice(0, changes)) index();
  }

  private index(name: string): Partitioned {
    return this.indexes.get(name) ?? invalid(`The table does not have the specified index: ${name}`);
  }

  /** The items of one partition of the table or of an index, in no order. */
  partition(index: string | undefined, value: Value): Item[] {
    if (index === undefined) return this.partitions.inPartition(value);
    const { projected, ...schema } = this.schema.indexes?.[index] ?? invalid(`no index ${index}`);
    const names = projected && [...projected, ...[schema, this.schema].flatMap(partsOf).map(([name]) => name)];
    return this.index(index)
      .inPartition(value)
      .map((item) => project(item, names));
  }

  /** How pages of the table or of an index go on: by the sort key, then by the table's key. */
  order(index: string | undefined, direction: 1 | -1): Order {
    const schema = index === undefined ? this.schema : this.index(index).schema;
    const sort = schema.sort?.[0];
    const names = [schema, this.schema].flatMap(partsOf).map(([name]) => name);
    return {
      partition: schema.partition[0],
      rank: (one, other) => {
        const bySort = sort === undefined ? 0 : (order(one[sort], other[sort]) ?? 0);
        return direction * (bySort || order(keyText(one, this.schema), keyText(other, this.schema)) || 0);
      },
      keyOf: (item) => copyItem(Object.fromEntries(names.map((name) => [name, item[name]]))),
    };
  }

  /** The key of an item as one text. */
  keyText(item: Item): string {
    return keyText(item, this.schema);
  }

  /** The items as they are stored, to be looked at only. */
  all(): Item[] {
    return [...this.items.values()];
  }

  /** Deletes what has expired by this time, as time to live does. */
  expire(now: Date): void {
    const { expiry } = this.schema;
    if (expiry === undefined) return;
    for (const item of this.all()) {
      const expiresAt = item[expiry];
      if (typeof expiresAt === 'number' && expiresAt * 1000 <= now.getTime()) this.delete(item);
    }
  }
}

const parentOf = (item: Item, path: readonly Step[]): Record<Step, Value> =>
  path.slice(0, -1).reduce<Value>((value, step) => {
    const child = (value as Record<Step, Value>)[step];
    return typeof child === 'object' && child !== null
      ? child
      : invalid('The document path provided in the update expression is invalid for update');
  }, item) as Record<Step, Value>;

const added = (known: Value, by: Value): Value => {
  if (typeof by === 'number') return (known === undefined ? 0 : Number(known)) + by;
  if (by instanceof Set) return new Set([...((known as Set<Value> | undefined) ?? []), ...by]);
  return invalid('Incorrect operand type for operator ADD');
};

const without = (known: Value, by: Value): Value => {
  if (!(by instanceof Set)) return invalid('Incorrect operand type for operator DELETE');
  const left = [...((known as Set<Value> | undefined) ?? [])].filter((one) => !by.has(one));
  return left.length === 0 ? undefined : new Set(left);
};

const set = (target: Record<Step, Value>, step: Step, value: Value) => {
  if (value === undefined) delete target[step];
  else target[step] = copy(value);
};

const removeAt = (target: Record<Step, Value>, step: Step) => {
  if (Array.isArray(target)) target.splice(Number(step), 1);
  else delete target[step];
};

const valueToSet = (before: Item, to: Operand): Value => {
  const value = evaluate(before, to);
  return value === undefined
    ? invalid('The provided expression refers to an attribute that does not exist in the item')
    : value;
};

const perform = (before: Item, after: Item, action: Action): void => {
  const target = parentOf(after, action.path);
  const step = action.path.at(-1) ?? '';
  switch (action.verb) {
    case 'REMOVE':
      removeAt(target, step);
      break;
    case 'SET':
      set(target, step, valueToSet(before, action.to));
      break;
    case 'ADD':
      set(target, step, added(target[step], evaluate(before, action.by)));
      break;
    case 'DELETE':
      set(target, step, without(target[step], evaluate(before, action.by)));
      break;
  }
};

/** Returns a copy of an item with the actions of an update expression. Operands are read from the item as it was. */
export const updated = (before: Item, actions: readonly Action[]): Item => {
  const after = copyItem(before);
  for (const action of actions) perform(before, after, action);
  return after;
};
