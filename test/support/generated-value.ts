import { openApiDocument } from '../../scripts/openapi/document';
import type { Random } from '../simulation/random';

export type Json = Record<string, unknown>;

/** Texts that are right somewhere: by which pattern tells where. */
const texts = [
  'PROD-001',
  'PROD-002',
  'ORD-000001',
  'ORD-000002',
  'ORD-000003',
  'ORD-000004',
  'ORD-000005',
  'RET-000001-1',
  'PAY-ORD-000001',
  'inventory_reservation_failed.ORD-000001',
  'mice',
  'shop-a',
  'JP',
  'JPY',
  'USD',
  'taro@example.com',
  'hanako@example.com',
  '123456',
  'Example-pass-2026',
  '山田 花子',
  '東京🗼',
  '2026-11-21T03:00:00.000Z',
  '5b1f9c8e-1f6b-4d8f-9a1c-3d2e1f0a9b8c',
  'https://example.com/a.png',
  'eyJrIjoxfQ.c2ln',
  'u-1',
  '"1"',
  `eyJrIjoxfQ.${'c2ln'.repeat(10)}AAA`,
];

/** Values that are wrong nearly everywhere. */
export const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  2 ** 53,
  '',
  ' ',
  '1',
  'a',
  '東京',
  '🗼',
  '\u0000',
  '\ud800',
  '\u202e',
  '../x',
  'a#b',
  'shop-b#PROD-001',
  '%2F',
  '__proto__',
  'constructor',
  '=cmd()',
  '\u0024{jndi:ldap://x}',
  [],
  {},
  [[]],
  { toString: 1 },
  { __proto__: null, constructor: { prototype: {} } },
  'x'.repeat(1024),
  '2026-01-01',
  'true',
  -0,
  Number.MAX_SAFE_INTEGER,
];

const document = () => openApiDocument() as unknown as { paths: Json; components: { schemas: Json } };
let known: ReturnType<typeof document> | undefined;
/** The API's description, made once. */
export const described = () => {
  known ??= document();
  return known;
};

const resolved = (schema: Json): Json => {
  const name =
    String(schema.$ref ?? '')
      .split('/')
      .at(-1) ?? '';
  return name === '' ? schema : resolved(described().components.schemas[name] as Json);
};

const bounded = ({ minimum, maximum, exclusiveMinimum }: Json): [number, number] => [
  Number(minimum ?? (exclusiveMinimum === undefined ? -3 : Number(exclusiveMinimum) + 1)),
  Number(maximum ?? 1000),
];

const number = (random: Random, schema: Json): number => {
  const [least, most] = bounded(schema);
  const middleware = random.unit();
  const value =
    middleware < 0.1 ? least : middleware < 0.2 ? most : least + random.below(Math.min(most - least, 12) + 1);
  return schema.type === 'number' && random.chance(0.3) ? Math.min(most, value + 0.5) : value;
};

const fits = (text: string, { pattern, minLength = 0, maxLength = 1e6 }: Json) =>
  text.length >= Number(minLength) &&
  text.length <= Number(maxLength) &&
  (pattern === undefined || new RegExp(String(pattern), 'u').test(text));

const text = (random: Random, schema: Json): string => {
  const given = schema.examples ?? (schema.example === undefined ? [] : [schema.example]);
  const shown = Array.isArray(given) ? given.map(String) : [];
  if (shown.length > 0 && random.chance(0.8)) return random.pick(shown);
  const right = [...texts, ...shown].filter((one) => fits(one, schema));
  if (right.length > 0) return random.pick(right);
  throw new Error(`no text fits ${JSON.stringify(schema)}: add one to test/support/generated-value.ts`);
};

/** What there is to be found under a name. */
const existing: Readonly<Record<string, readonly string[]>> = {
  orderId: ['ORD-000001', 'ORD-000002', 'ORD-000003', 'ORD-000004', 'ORD-000005'],
  returnId: ['RET-000001-1'],
  paymentId: ['PAY-ORD-000001'],
  alertId: ['inventory_reservation_failed.ORD-000001'],
  productId: ['PROD-001', 'PROD-002', 'PROD-003'],
  imageId: ['b7e23ec2-9af9-4b4a-8c0e-0d4f4c9d1a11'],
  categoryId: ['mice'],
  keyId: ['key-be2974546978'],
  tenantId: ['default', 'shop-a'],
  userId: ['user-1', 'user-2'],
};

/** A value for a field or a parameter: for the most part of something that there is. */
export const namedValue = (random: Random, name: string, schema: Json): unknown => {
  const there = existing[name];
  return there !== undefined && random.chance(0.8) ? random.pick(there) : valueFor(random, schema);
};

const list = (random: Random, schema: Json): unknown[] => {
  const least = Number(schema.minItems ?? 0);
  const most = Math.min(Number(schema.maxItems ?? 3), least + 2);
  const count = least + random.below(most - least + 1);
  return Array.from({ length: count }, () => valueFor(random, (schema.items ?? {}) as Json));
};

const object = (random: Random, { properties = {}, required = [] }: Json): Json => {
  const wanted = Object.entries(properties as Record<string, Json>).filter(
    ([name]) => (required as string[]).includes(name) || random.chance(0.4),
  );
  return Object.fromEntries(wanted.map(([name, schema]) => [name, namedValue(random, name, schema)]));
};

const makers: Record<string, (random: Random, schema: Json) => unknown> = {
  string: text,
  number,
  integer: number,
  boolean: (random) => random.chance(0.5),
  null: () => null,
  array: list,
  object,
};

/** A value that is right by a schema, as far as a schema can tell. */
export const valueFor = (random: Random, given: Json): unknown => {
  const schema = resolved(given);
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (choices !== undefined) return valueFor(random, random.pick(choices));
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return random.pick(schema.enum);
  const type = String(Array.isArray(schema.type) ? random.pick(schema.type) : (schema.type ?? 'string'));
  const make = makers[type];
  if (make === undefined) throw new Error(`nothing makes a ${type}`);
  return make(random, schema);
};
