import { marshall } from '@aws-sdk/util-dynamodb';
import { contractFields } from '../support/contract-fields';

const marshallOptions = { removeUndefinedValues: true }; // as documentClient has them

type Attribute = Readonly<Record<string, unknown>>;

/** What DynamoDB refuses of a number: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const isStorableNumber = (text: string): boolean => {
  const size = Math.abs(Number(text));
  const digits = text.replace(/e.*$/i, '').replaceAll(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return size === 0 || (size >= 1e-130 && size <= 9.9e125 && digits.length <= 38);
};

const faultsOfMap = (members: Readonly<Record<string, Attribute>>, depth: number): string[] =>
  Object.entries(members).flatMap(([name, one]) => [
    ...(name.isWellFormed() && name !== '' ? [] : ['a name that cannot be one']),
    ...faultsOf(one, depth + 1),
  ]);

const faultsOfType: Readonly<Record<string, (value: unknown, depth: number) => string[]>> = {
  S: (value) => ((value as string).isWellFormed() ? [] : ['a text that is not well-formed']),
  N: (value) => (isStorableNumber(value as string) ? [] : [`the number ${value}`]),
  L: (value, depth) => (value as Attribute[]).flatMap((one) => faultsOf(one, depth + 1)),
  M: (value, depth) => faultsOfMap(value as Record<string, Attribute>, depth),
  BOOL: () => [],
  NULL: () => [],
};

const faultsOf = (attribute: Attribute, depth = 1): string[] => {
  if (depth > 32) return ['nested deeper than 32'];
  const [[type, value] = ['none', undefined]] = Object.entries(attribute);
  return faultsOfType[type]?.(value, depth) ?? [`the type ${type}`];
};

/** What the store cannot take of a value, or nothing. */
const refusedByStore = (value: unknown): string[] => {
  try {
    const item = marshall({ value }, marshallOptions);
    const bytes = Buffer.byteLength(JSON.stringify(item));
    return [...(bytes > 400 * 1024 ? [`an item of ${bytes} bytes`] : []), ...faultsOf({ M: item })];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};

const numbers = [
  0,
  -0,
  1,
  -1,
  1.5,
  0.1 + 0.2,
  4.999999999999999,
  1e-7,
  1e-129,
  1e-130,
  1e-131,
  1e-200,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e125,
  1e126,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NaN,
];

const wrongTexts = ['\ud800', 'a\udc00b', '\udc00\ud800', '\u0000', 'a\u0000b', '\ufffe', '\u2028', '\u202e'];
const texts = ['', ' ', 'a', '1', '東京🗼', ...wrongTexts, 'x'.repeat(255), 'x'.repeat(70_000), '語'.repeat(8000)];

const inAddress = [
  'a@example.com',
  'a\ud800@example.com',
  'a@ex\ud800ample.com',
  'a@xn--a.com',
  `${'a@'.repeat(2000)}b.com`,
];

const inUrl = [
  'https://x/"onerror=',
  'https://x/\ud800',
  'https://x\ud800.com/',
  'https://user:pass@example.com/a.png',
  'https://example.com/a\u0000b',
  'https://example.com/a\tb',
  `https://example.com/${'語'.repeat(400)}`,
  'https:example.com',
  'javascript:alert(1)//https://x/',
];

const names = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  'a',
  '\ud800',
  'x'.repeat(300),
];

/** A record that has the name itself, as JSON gives it. */
const named = (name: string, value: unknown): unknown =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);

const deep = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

const values: readonly unknown[] = [
  null,
  true,
  ...numbers,
  ...texts,
  ...inAddress,
  ...inUrl,
  [],
  {},
  [[]],
  deep(40),
  ...names.flatMap((name) => [named(name, 1), named(name, 'a'), named(name, { a: 1 })]),
  ...numbers.map((number) => ({ a: number })),
  ...texts.map((text) => ({ a: text })),
  Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])),
];

const fields = contractFields();

/** What is compared, hashed or looked for and never written as it came. */
const neverKept = /(headers\/(Prefer|Accept-Language|If-|X-|Stripe-|Webhook-)|cursor$)/;

describe('what a contract lets through, the store takes', () => {
  test('there are fields of every kind to try', () => {
    expect(fields.length).toBeGreaterThan(200);
    for (const kind of [/body\/rating$/, /preferences$/, /preferences\/\*$/, /avatar$/, /email$/, /path\/orderId$/])
      expect(fields.some(({ at }) => kind.test(at))).toBe(true);
  });

  test.each(fields.map(({ at, schema }) => [at, schema] as const))('F-27 %s', (at, schema) => {
    const faults = values.flatMap((value) => {
      const parsed = schema.safeParse(value);
      if (!parsed.success || parsed.data === undefined || neverKept.test(at)) return [];
      return refusedByStore(parsed.data).map((fault) => `${JSON.stringify(value)?.slice(0, 60)}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });
});
