/** A stored value, as the document client gives it: text, number, boolean, null, bytes, set, list or map. */
export type Value = unknown;
export type Item = Record<string, Value>;

/** The real one's error for a request that it does not take. */
class ValidationException extends Error {
  override readonly name = 'ValidationException';
}

export const invalid = (message: string): never => {
  throw new ValidationException(message);
};

const isBytes = (value: Value): value is Uint8Array => value instanceof Uint8Array;

const typeNames = { string: 'S', number: 'N', bigint: 'N', boolean: 'BOOL' } as const;

/** The DynamoDB type of a value: S, N, B, BOOL, NULL, SS, NS, BS, L or M. */
export const typeOf = (value: Value): string => {
  if (value === null) return 'NULL';
  if (isBytes(value)) return 'B';
  if (value instanceof Set) return `${typeOf([...value][0] ?? '')}S`;
  if (Array.isArray(value)) return 'L';
  return typeNames[typeof value as keyof typeof typeNames] ?? 'M';
};

const copyMap = (value: object): Item =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, copy(field)]),
  );

/** Copies a value as it is stored: without undefined fields. Throws for what DynamoDB does not store. */
export const copy = (value: Value): Value => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : invalid(`a number must be finite, not ${value}`);
    case 'object':
      return copyObject(value);
    default:
      return invalid(`a value cannot be of the type ${typeof value}`);
  }
};

const copyObject = (value: object | null): Value => {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((one) => (one === undefined ? null : copy(one)));
  if (isBytes(value)) return value.slice();
  if (value instanceof Set) return value.size === 0 ? invalid('a set must not be empty') : new Set(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) invalid('a class instance cannot be stored');
  return copyMap(value);
};

export const copyItem = (item: object): Item => copy(item) as Item;

const bytesOf = (value: Value): Uint8Array => (isBytes(value) ? value : Buffer.from(String(value)));

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** Orders two values of one type: numbers by size, text and bytes by their (UTF-8) bytes. Undefined for other types. */
export const order = (one: Value, other: Value): number | undefined => {
  const type = typeOf(one);
  if (type !== typeOf(other) || !'SNB'.includes(type)) return undefined;
  if (type === 'N') return Number(one) - Number(other);
  if (type === 'S' && isAscii(`${one}${other}`)) return String(one) < String(other) ? -1 : Number(one !== other);
  return Buffer.compare(bytesOf(one), bytesOf(other));
};

const sameSet = (one: ReadonlySet<Value>, other: ReadonlySet<Value>): boolean =>
  one.size === other.size && [...one].every((member) => other.has(member));

const sameMap = (one: Item, other: Item): boolean => {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => name in other && same(one[name], other[name]))
  );
};

/** Whether two values are equal, in type too. */
export const same = (one: Value, other: Value): boolean => {
  if (one === undefined || other === undefined || typeOf(one) !== typeOf(other)) return false;
  if (one instanceof Set) return sameSet(one, other as Set<Value>);
  if (Array.isArray(one)) {
    const list = other as Value[];
    return one.length === list.length && one.every((member, at) => same(member, list[at]));
  }
  const ordered = order(one, other);
  if (ordered !== undefined) return ordered === 0;
  return typeOf(one) === 'M' ? sameMap(one as Item, other as Item) : one === other;
};

const sizesOf: Readonly<Record<string, (value: Value) => number>> = {
  S: (value) => Buffer.byteLength(String(value)),
  N: (value) => Math.ceil(String(value).replace(/[-.]/g, '').length / 2) + 1,
  B: (value) => bytesOf(value).length,
  BOOL: () => 1,
  NULL: () => 1,
  L: (value) => 3 + (value as Value[]).reduce((sum: number, one) => sum + 1 + sizeOf(one), 0),
  M: (value) => 3 + itemSize(value as Item) + Object.keys(value as Item).length,
};

const sizeOf = (value: Value): number => {
  if (value instanceof Set) return [...value].reduce((sum: number, one) => sum + sizeOf(one), 0);
  return sizesOf[typeOf(value)]?.(value) ?? 0;
};

/** The bytes that an item counts for, about as the real one counts them. */
export const itemSize = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);

const lengths: Readonly<Record<string, (value: Value) => number>> = {
  S: (value) => Buffer.byteLength(String(value)),
  B: (value) => bytesOf(value).length,
  L: (value) => (value as Value[]).length,
  M: (value) => Object.keys(value as Item).length,
};

/** What the function `size` of an expression gives. */
export const lengthOf = (value: Value): number | undefined => {
  if (value === undefined) return undefined;
  return value instanceof Set ? value.size : lengths[typeOf(value)]?.(value);
};
