/** A JSON schema, or any other part of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

/** Two schemas with the documents that their references lead into. */
export type Comparison = {
  /** What values come as. */
  readonly given: Json;
  /** What they must be good for. */
  readonly taken: Json;
  readonly givenIn: Json;
  readonly takenIn: Json;
  /** Where it is, for the reader. */
  readonly at: string;
};

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under a key. Empty when there is none. */
export const part = (value: unknown, key: string): Json => {
  const found = isJson(value) ? value[key] : undefined;
  return isJson(found) ? found : {};
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const child = (value: unknown, key: string): unknown => (isJson(value) ? value[key] : undefined);

/** What a `$ref` leads to, or the schema itself. */
export const resolve = (schema: Json, document: Json): Json => {
  if (typeof schema.$ref !== 'string') return schema;
  const found = schema.$ref.split('/').slice(1).reduce<unknown>(child, document);
  if (!isJson(found)) throw new Error(`${schema.$ref} leads nowhere`);
  return resolve(found, document);
};

const merged = (parts: readonly Json[]): Json => {
  const properties = parts.flatMap((part) => Object.entries(part.properties ?? {}));
  const required = parts.flatMap((part) => list(part.required));
  return { ...Object.assign({}, ...parts), properties: Object.fromEntries(properties), required };
};

const typesOf = ({ type, enum: values, const: value }: Json): readonly unknown[] | undefined => {
  if (type !== undefined) return Array.isArray(type) ? type : [type];
  const known = value === undefined ? values : [value];
  return Array.isArray(known) ? known.map((one) => (one === null ? 'null' : typeof one)) : undefined;
};

const valuesOf = ({ enum: values, const: value }: Json): readonly unknown[] | undefined =>
  value === undefined ? (values as readonly unknown[] | undefined) : [value];

type Check = (comparison: Comparison) => string[];

const byType: Check = ({ given, taken, at }) => {
  const types = typesOf(taken);
  if (types === undefined) return [];
  const fits = (type: unknown) => types.includes(type) || (type === 'integer' && types.includes('number'));
  const others = (typesOf(given) ?? ['any type']).filter((type) => !fits(type));
  return others.length === 0 ? [] : [`${at}: ${others.join(', ')} where ${types.join(', ')} is known`];
};

const byValues: Check = ({ given, taken, at }) => {
  const known = valuesOf(taken);
  if (known === undefined) return [];
  const others = valuesOf(given)?.filter((value) => !known.includes(value)) ?? ['any value'];
  return others.length === 0 ? [] : [`${at}: ${others.join(', ')} is not among the known values`];
};

const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const alike = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

const byLimits: Check = ({ given, taken, at }) => {
  const beyond = (name: string, tooFar: (one: number, other: number) => boolean) =>
    taken[name] !== undefined && (given[name] === undefined || tooFar(Number(given[name]), Number(taken[name])));
  const broken = [
    ...lowest.filter((name) => beyond(name, (one, other) => one < other)),
    ...highest.filter((name) => beyond(name, (one, other) => one > other)),
    ...alike.filter((name) => taken[name] !== undefined && given[name] !== taken[name]),
  ];
  return broken.map((name) => `${at}: ${name} is ${given[name] ?? 'open'} where ${taken[name]} is known`);
};

const byFields: Check = (comparison) => {
  const { given, taken, at } = comparison;
  const known = (taken.properties ?? {}) as Json;
  const missing = list(taken.required).filter((name) => !list(given.required).includes(name));
  const opened =
    taken.additionalProperties === false && given.additionalProperties !== false && isJson(given.properties);
  const fields = Object.entries((given.properties ?? {}) as Json).flatMap(([name, field]) => {
    const there = known[name] ?? taken.additionalProperties ?? {};
    if (there === false) return [`${at}/${name}: is not known`];
    return isJson(there) ? gaps({ ...comparison, given: field as Json, taken: there, at: `${at}/${name}` }) : [];
  });
  return [
    ...missing.map((name) => `${at}/${name}: is not always there`),
    ...(opened ? [`${at}: may hold unknown fields`] : []),
    ...fields,
  ];
};

const inside: Check = (comparison) =>
  ['items', 'additionalProperties'].flatMap((key) => {
    const { given, taken, at } = comparison;
    const [one, other] = [given[key], taken[key]];
    if (!isJson(other)) return [];
    return gaps({ ...comparison, given: isJson(one) ? one : {}, taken: other, at: `${at}/*` });
  });

const checks: readonly Check[] = [byType, byValues, byLimits, byFields, inside];

const choices = (schema: Json): readonly Json[] | undefined =>
  (schema.anyOf ?? schema.oneOf) as readonly Json[] | undefined;

/** Returns why a value that is valid by the one schema may be invalid by the other. Empty when none is. */
export const gaps = (comparison: Comparison): string[] => {
  const { givenIn, takenIn, at } = comparison;
  const given = resolve(comparison.given, givenIn);
  const taken = resolve(comparison.taken, takenIn);
  const next = { ...comparison, given, taken };
  if (Array.isArray(given.allOf)) {
    const { allOf, ...rest } = given;
    return gaps({ ...next, given: merged([...allOf.map((part) => resolve(part, givenIn)), rest]) });
  }
  if (Array.isArray(taken.allOf)) {
    const { allOf, ...rest } = taken;
    return [...allOf, rest].flatMap((part) => gaps({ ...next, taken: part }));
  }
  const branches = choices(given);
  if (branches !== undefined) return branches.flatMap((branch) => gaps({ ...next, given: branch }));
  const alternatives = choices(taken);
  if (alternatives === undefined) return checks.flatMap((check) => check(next));
  const fits = alternatives.some((alternative) => gaps({ ...next, taken: alternative }).length === 0);
  return fits ? [] : [`${at}: fits none of the known alternatives`];
};
