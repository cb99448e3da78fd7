import fc from 'fast-check';
import { openApiDocument } from '../../scripts/openapi/document';

export type Json = Record<string, unknown>;

/** Texts that are right somewhere: by which pattern tells where. */
export const texts = [
  'PROD-001',
  'PROD-002',
  'ORD-000001',
  'ORD-000002',
  'ORD-000003',
  'ORD-000004',
  'ORD-000005',
  'RET-000001-1',
  'ERA-4f0c2b1a-7d3e-4c55-9b0a-2f6a1d8e7c90',
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
const strange: readonly unknown[] = [
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

/** Mostly the one, now and then the other. */
const mostly = <One, Other>(one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>) =>
  fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: other });

/** The least, the most, or something close to the least. */
const number = ({ type, minimum, maximum, exclusiveMinimum }: Json): fc.Arbitrary<number> => {
  const least = Number(minimum ?? (exclusiveMinimum === undefined ? -3 : Number(exclusiveMinimum) + 1));
  const most = Number(maximum ?? 1000);
  const near = fc.integer({ min: least, max: Math.min(most, least + 12) });
  const whole = mostly(near, fc.constantFrom(least, most));
  if (type === 'integer') return whole;
  return mostly(
    whole,
    whole.map((value) => Math.min(most, value + 0.5)),
  );
};

const fits = (text: string, { pattern, minLength = 0, maxLength = 1e6 }: Json) =>
  text.length >= Number(minLength) &&
  text.length <= Number(maxLength) &&
  (pattern === undefined || new RegExp(String(pattern), 'u').test(text));

const text = (schema: Json): fc.Arbitrary<string> => {
  const given = schema.examples ?? (schema.example === undefined ? [] : [schema.example]);
  const shown = Array.isArray(given) ? given.map(String) : [];
  const right = [...texts, ...shown].filter((one) => fits(one, schema));
  if (shown.length + right.length === 0)
    throw new Error(`no text fits ${JSON.stringify(schema)}: add one to test/support/generated-value.ts`);
  if (shown.length === 0) return fc.constantFrom(...right);
  return mostly(fc.constantFrom(...shown), fc.constantFrom(...(right.length === 0 ? shown : right)));
};

/** What there is to be found under a name. */
const existing: Readonly<Record<string, readonly string[]>> = {
  orderId: ['ORD-000001', 'ORD-000002', 'ORD-000003', 'ORD-000004', 'ORD-000005'],
  returnId: ['RET-000001-1'],
  erasureId: ['ERA-4f0c2b1a-7d3e-4c55-9b0a-2f6a1d8e7c90'],
  paymentId: ['PAY-ORD-000001'],
  alertId: ['inventory_reservation_failed.ORD-000001'],
  productId: ['PROD-001', 'PROD-002', 'PROD-003'],
  imageId: ['b7e23ec2-9af9-4b4a-8c0e-0d4f4c9d1a11'],
  categoryId: ['mice'],
  keyId: ['key-3518bbcfc162'],
  tenantId: ['shop-a'],
  userId: ['user-1', 'user-2'],
};

/** A value for a field or a parameter: for the most part of something that there is. */
export const namedValue = (name: string, schema: Json): fc.Arbitrary<unknown> => {
  const there = existing[name];
  return there === undefined ? valuesOf(schema) : mostly(fc.constantFrom(...there), valuesOf(schema));
};

const list = ({ minItems, maxItems, items = {} }: Json): fc.Arbitrary<unknown[]> => {
  const minLength = Number(minItems ?? 0);
  return fc.array(valuesOf(items as Json), { minLength, maxLength: Math.min(Number(maxItems ?? 3), minLength + 2) });
};

const object = ({ properties = {}, required = [] }: Json): fc.Arbitrary<Json> => {
  const fields = Object.entries(properties as Record<string, Json>);
  const values = Object.fromEntries(fields.map(([name, schema]) => [name, namedValue(name, schema)]));
  return fc.record(values, { requiredKeys: required as string[], noNullPrototype: true });
};

const makers: Readonly<Record<string, (schema: Json) => fc.Arbitrary<unknown>>> = {
  string: text,
  number,
  integer: number,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  array: list,
  object,
};

/** Values that are right by a schema, as far as a schema can tell. */
export const valuesOf = (given: Json): fc.Arbitrary<unknown> => {
  const schema = resolved(given);
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map(valuesOf));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'string'];
  return fc.oneof(
    ...types.map((type) => {
      const make = makers[String(type)];
      if (make === undefined) throw new Error(`nothing makes a ${type}`);
      return make({ ...schema, type });
    }),
  );
};

const strangeValue = fc.constantFrom(...strange);

/** A strange value as it comes in a path, a query or a header. */
export const strangeText = strangeValue.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one)));

type Place = { readonly parent: Json; readonly key: string };

const places = (parent: unknown): Place[] =>
  typeof parent !== 'object' || parent === null
    ? []
    : Object.entries(parent).flatMap(([key, child]) => [{ parent: parent as Json, key }, ...places(child)]);

const change = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'replace', 'delete', 'add'),
  suffix: fc.nat({ max: 8 }),
  value: strangeValue,
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

const changed = (root: unknown, { place, how, suffix, value }: Change): unknown => {
  if (typeof root !== 'object' || root === null) return root;
  const all = places(root);
  const { parent, key } = all[place % Math.max(1, all.length)] ?? { parent: root as Json, key: 'x' };
  if (how === 'delete') delete parent[key];
  else parent[how === 'add' ? `${key}${suffix}` : key] = structuredClone(value);
  return root;
};

/** A value in which up to so many places are taken out, added or set to something strange. */
export const spoiled = (values: fc.Arbitrary<unknown>, most: number): fc.Arbitrary<unknown> =>
  fc
    .tuple(values, fc.array(change, { maxLength: most }))
    .map(([value, changes]) => changes.reduce(changed, structuredClone(value)));
