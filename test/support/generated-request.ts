import fc from 'fast-check';
import { type Operation, routes } from '../../lambda/contracts/api/routes';
import { described, type Json, namedValue, spoiled, strangeText, valuesOf } from './generated-value';

/** A request that follows from the API's description, for the most part spoiled somewhere. */
export type GeneratedRequest = {
  readonly operation: Operation;
  readonly pathParameters: Record<string, string>;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string;
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

const ascii = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, '?').trim();

/** The one in so many of 100, else the other. */
const rarely = <One, Other>(percent: number, one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>) =>
  fc.oneof({ weight: 100 - percent, arbitrary: other }, { weight: percent, arbitrary: one });

const parametersOf = (route: Json, place: 'path' | 'query' | 'header'): fc.Arbitrary<Record<string, string>> => {
  const all = ((route.parameters ?? []) as Json[]).filter((parameter) => parameter.in === place);
  const values = all.map(({ name, schema }) => [name, namedValue(String(name), schema as Json).map(String)]);
  const requiredKeys = all.filter(({ required }) => required === true).map(({ name }) => String(name));
  return fc.record(Object.fromEntries(values), { requiredKeys, noNullPrototype: true });
};

type Media = { readonly schema: Json; readonly examples?: Readonly<Record<string, Json>> };

const mediaOf = (route: Json): [type: string, media: Media] | undefined =>
  Object.entries(((route.requestBody as Json)?.content ?? {}) as Record<string, Media>)[0];

const rightBody = ({ schema, examples = {} }: Media): fc.Arbitrary<unknown> => {
  const shown = Object.values(examples).map(({ value }) => value);
  return shown.length === 0 ? valuesOf(schema) : rarely(30, fc.constantFrom(...shown), valuesOf(schema));
};

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

const spoiledBody = (type: string, media: Media): fc.Arbitrary<string> => {
  const right = rightBody(media);
  if (type !== 'application/json') return right.map(textOf);
  const body = rarely(40, spoiled(right, 2), right).map(textOf);
  const broken = fc.tuple(body, fc.constantFrom(...brokenJson)).map(([text, spoil]) => spoil(text));
  return rarely(8, broken, body);
};

/** The parameters, at times with one of them set to something strange. */
const spoiledParameters = (percent: number, parameters: fc.Arbitrary<Record<string, string>>) =>
  rarely(
    percent,
    fc.tuple(parameters, fc.nat(), strangeText).map(([right, place, text]) => {
      const names = Object.keys(right);
      const name = names[place % Math.max(1, names.length)];
      return name === undefined ? right : { ...right, [name]: text };
    }),
    parameters,
  );

const requestOf = (
  operation: Operation,
  parts: Readonly<Record<'pathParameters' | 'query' | 'headers', fc.Arbitrary<Record<string, string>>>>,
  content?: { readonly type: fc.Arbitrary<string>; readonly body: fc.Arbitrary<string> },
): fc.Arbitrary<GeneratedRequest> =>
  fc.record({ ...parts, content: content === undefined ? fc.constant(undefined) : fc.record(content) }).map((made) => {
    const { content: sent, headers, ...rest } = made;
    const ofBody = sent === undefined ? {} : { 'content-type': sent.type };
    const texts = Object.entries({ ...headers, ...ofBody }).map(([name, text]) => [name, ascii(text)]);
    const body = sent === undefined ? {} : { body: sent.body };
    return { operation, ...rest, headers: Object.fromEntries(texts), ...body };
  });

const routeOf = (operation: Operation): Json => {
  const { method, path } = routes[operation];
  return (described().paths[path] as Json)[method.toLowerCase()] as Json;
};

/** Requests to an operation that are right by its description. */
export const rightRequest = (operation: Operation): fc.Arbitrary<GeneratedRequest> => {
  const route = routeOf(operation);
  const [type, media] = mediaOf(route) ?? [];
  const parts = {
    pathParameters: parametersOf(route, 'path'),
    query: parametersOf(route, 'query'),
    headers: parametersOf(route, 'header'),
  };
  if (type === undefined || media === undefined) return requestOf(operation, parts);
  return requestOf(operation, parts, { type: fc.constant(type), body: rightBody(media).map(textOf) });
};

/** Requests to an operation: right, or wrong in some place. */
export const generatedRequest = (operation: Operation): fc.Arbitrary<GeneratedRequest> => {
  const route = routeOf(operation);
  const [type, media] = mediaOf(route) ?? [];
  const query = spoiledParameters(20, parametersOf(route, 'query'));
  const unknown = fc.tuple(query, fc.nat({ max: 8 }), strangeText);
  const parts = {
    pathParameters: spoiledParameters(15, parametersOf(route, 'path')),
    query: rarely(
      5,
      unknown.map(([right, number, text]) => ({ ...right, [`x${number}`]: text })),
      query,
    ),
    headers: spoiledParameters(10, parametersOf(route, 'header')),
  };
  if (type === undefined || media === undefined) return requestOf(operation, parts);
  const body = spoiledBody(type, media);
  return requestOf(operation, parts, { type: rarely(5, strangeText, fc.constant(type)), body });
};
