import { type Operation, routes } from '../../lambda/contracts/routes';
import type { Random } from '../simulation/random';
import { described, type Json, namedValue, strange, valueFor } from './generated-value';

/** A request that follows from the API's description, for the most part spoiled somewhere. */
export type GeneratedRequest = {
  readonly operation: Operation;
  readonly pathParameters: Record<string, string>;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string;
};

type Place = { readonly parent: Json; readonly key: string };

const places = (parent: unknown): Place[] =>
  typeof parent !== 'object' || parent === null
    ? []
    : Object.entries(parent).flatMap(([key, child]) => [{ parent: parent as Json, key }, ...places(child)]);

const spoil = (random: Random, root: Json): void => {
  const all = places(root);
  const { parent, key } = all.length === 0 ? { parent: root, key: 'x' } : random.pick(all);
  const how = random.unit();
  if (how < 0.2) delete parent[key];
  else if (how < 0.35) parent[`${key}${random.below(9)}`] = structuredClone(random.pick(strange));
  else parent[key] = structuredClone(random.pick(strange));
};

const brokenJson: readonly ((text: string) => string)[] = [
  () => '',
  () => 'null',
  () => '[]',
  () => '7',
  () => '"text"',
  (text) => `${text} x`,
  (text) => `\ufeff${text}`,
  (text) => text.slice(0, -1),
  () => '['.repeat(1000) + ']'.repeat(1000),
  (text) => `{"__proto__":{"x":1},${text.slice(1)}`,
  (text) => text.replace(/:(\d+)/, ':1e400'),
  (text) => text.replace(/:(\d+)/, ':9007199254740993'),
  () => JSON.stringify(Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n}`, n]))),
  (text) => `${text.slice(0, -1)},"note":"${'x'.repeat(70_000)}"}`,
];

const ascii = (text: unknown) =>
  String(text)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .trim();

const strangeText = (random: Random): string => {
  const one = random.pick(strange);
  return typeof one === 'object' ? JSON.stringify(one) : String(one);
};

type Part = 'path' | 'query' | 'header';

const parametersOf = (route: Json, place: Part) =>
  ((route.parameters ?? []) as Json[]).filter((parameter) => parameter.in === place);

const given = (random: Random, route: Json, place: Part): Record<string, string> =>
  Object.fromEntries(
    parametersOf(route, place)
      .filter(({ required }) => required === true || random.chance(0.4))
      .map((one) => [String(one.name), String(namedValue(random, String(one.name), one.schema as Json))]),
  );

const contentOf = (random: Random, route: Json): { type: string; text: string } | undefined => {
  const media = Object.entries(((route.requestBody as Json)?.content ?? {}) as Record<string, Json>)[0];
  if (media === undefined) return undefined;
  const [type, { schema, examples = {} }] = media;
  const shown = Object.values(examples as Record<string, Json>).map((one) => one.value);
  const right = shown.length > 0 && random.chance(0.3) ? random.pick(shown) : valueFor(random, schema as Json);
  if (type !== 'application/json' || typeof right === 'string') return { type, text: String(right) };
  const body = structuredClone(right) as Json;
  for (let times = random.chance(0.5) ? random.below(3) : 0; times > 0; times -= 1) spoil(random, body);
  const text = JSON.stringify(body);
  return { type, text: random.chance(0.08) ? random.pick(brokenJson)(text) : text };
};

const spoilOne = (random: Random, parts: Record<string, string>, make: () => string): void => {
  const names = Object.keys(parts);
  if (names.length > 0) parts[random.pick(names)] = make();
};

/** One request to an operation: right, or wrong in some place. The same random numbers give the same request. */
export const generateRequest = (random: Random, operation: Operation): GeneratedRequest => {
  const { method, path } = routes[operation];
  const route = (described().paths[path] as Json)[method.toLowerCase()] as Json;
  const pathParameters = given(random, route, 'path');
  const query = given(random, route, 'query');
  const headers = Object.fromEntries(
    Object.entries(given(random, route, 'header')).map(([name, one]) => [name, ascii(one)]),
  );
  const content = contentOf(random, route);
  if (content !== undefined) headers['content-type'] = random.chance(0.95) ? content.type : ascii(strangeText(random));
  if (random.chance(0.15)) spoilOne(random, pathParameters, () => strangeText(random));
  if (random.chance(0.2)) spoilOne(random, query, () => strangeText(random));
  if (random.chance(0.1)) spoilOne(random, headers, () => ascii(strangeText(random)));
  if (random.chance(0.05)) query[`x${random.below(9)}`] = strangeText(random);
  return { operation, pathParameters, query, headers, ...(content === undefined ? {} : { body: content.text }) };
};
