import fc from 'fast-check';
import * as z from 'zod';
import { texts } from '../../support/generated-value';

type Json = Record<string, unknown>;

/** What is looked at of a schema. */
type Def = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
  readonly items?: readonly z.ZodType[];
};

const defOf = (schema: z.ZodType) => schema.def as unknown as Def;

export const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

/** The rules of a schema as JSON Schema says them: lengths, bounds, patterns. */
export const rulesOf = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;

/** What pattern a text has, unless it looks ahead, which no generator follows. */
const ofPattern = (pattern: unknown): fc.Arbitrary<string>[] => {
  if (typeof pattern !== 'string' || /\(\?[=!<]/.test(pattern)) return [];
  try {
    return [fc.stringMatching(new RegExp(pattern, 'u'))];
  } catch {
    return []; // a class that the generator does not know
  }
};

/** The generators of which a schema takes at least every fifth value. */
const fitting = <Value>(schema: z.ZodType, all: readonly fc.Arbitrary<Value>[]): fc.Arbitrary<Value>[] =>
  all.filter((one) => fc.sample(one, { numRuns: 50, seed: 1 }).filter((value) => accepts(schema, value)).length >= 10);

const passwords = ['Vorfrühling-2026-im-Tal', 'correct horse battery staple 26'];

const text = (schema: z.ZodType): fc.Arbitrary<unknown> => {
  const { minLength = 0, maxLength = 40, pattern, examples = [], example } = rulesOf(schema);
  const shown = [...(examples as unknown[]), example, ...texts, ...passwords].filter((one) => accepts(schema, one));
  const bounds = { minLength: Number(minLength), maxLength: Math.min(Number(maxLength), 60) };
  const made = fitting(schema, [
    ...ofPattern(pattern),
    fc.string({ unit: 'grapheme', ...bounds }),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019-あ漢語ｶﾅéß🗼 '), ...bounds }),
  ]);
  const all = [...(shown.length === 0 ? [] : [fc.constantFrom(...shown)]), ...made];
  if (all.length === 0) throw new Error(`nothing fits ${JSON.stringify(rulesOf(schema))}`);
  return fc.oneof(...all);
};

const number = (schema: z.ZodType): fc.Arbitrary<number> => {
  const { minimum, exclusiveMinimum, maximum, type } = rulesOf(schema);
  const least = Number(minimum ?? (exclusiveMinimum === undefined ? -1000 : Number(exclusiveMinimum) + 1));
  const most = Math.min(Number(maximum ?? 1e9), 1e9);
  const whole = fc.integer({ min: Math.max(least, -1e9), max: most });
  return type === 'integer'
    ? whole
    : fc.oneof(
        whole,
        whole.map((one) => Math.min(most, one + 0.5)),
      );
};

const object = ({ shape = {} }: Def): fc.Arbitrary<unknown> => {
  const fields = Object.entries(shape);
  const requiredKeys = fields.filter(([, field]) => !accepts(field, undefined)).map(([name]) => name);
  const values = Object.fromEntries(fields.map(([name, field]) => [name, wellFormed(field)]));
  return fc.record(values, { requiredKeys, noNullPrototype: true });
};

const list = (schema: z.ZodType, { element }: Def): fc.Arbitrary<unknown> => {
  const { minItems = 0, maxItems = 3 } = rulesOf(schema);
  const maxLength = Math.min(Number(maxItems), Number(minItems) + 2);
  return fc.array(wellFormed(element as z.ZodType), { minLength: Number(minItems), maxLength });
};

const makers: Readonly<Record<string, (schema: z.ZodType, def: Def) => fc.Arbitrary<unknown>>> = {
  string: text,
  number,
  boolean: () => fc.boolean(),
  literal: (_schema, { values = [] }) => fc.constantFrom(...values),
  enum: (_schema, { entries = {} }) => fc.constantFrom(...Object.values(entries)),
  array: list,
  object: (_schema, def) => object(def),
  record: (_schema, { valueType }) =>
    fc.dictionary(fc.constantFrom('news', 'dark-mode', 'a'), wellFormed(valueType as z.ZodType), { maxKeys: 2 }),
  union: (_schema, { options = [] }) => fc.oneof(...options.map(wellFormed)),
};

/** A pipe takes what its input is, or what its output is where only that is told more closely. */
const piped = (schema: z.ZodType, { in: input, out }: Def): fc.Arbitrary<unknown> => {
  const ends = [out, input].filter((end) => end !== undefined && defOf(end).type !== 'transform') as z.ZodType[];
  const [first, ...others] = fitting(schema, ends.map(wellFormed));
  return first === undefined ? wellFormed(input as z.ZodType) : fc.oneof(first, ...others);
};

/** Values that a contract takes, as far as its schema tells without a look at the rest of the request. */
export const wellFormed = (schema: z.ZodType): fc.Arbitrary<unknown> => {
  const def = defOf(schema);
  if (def.type === 'pipe') return piped(schema, def);
  if (def.innerType !== undefined) return wellFormed(def.innerType);
  const make = makers[def.type];
  if (make === undefined) throw new Error(`nothing makes a ${def.type}`);
  return make(schema, def).filter((value) => accepts(schema, value));
};
