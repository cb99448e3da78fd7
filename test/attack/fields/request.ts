import fc from 'fast-check';
import * as z from 'zod';
import { api } from '../../../lambda/contracts/api/api';
import type { OperationContract } from '../../../lambda/contracts/api/operation';
import { type Operation, type Policy, routes } from '../../../lambda/contracts/api/routes';
import { headerParameters, pathParameters } from '../../../scripts/openapi/parameters';
import { bodySchema, type Place } from './place';
import { accepts, wellFormed } from './well-formed';

type Values = Readonly<Record<string, string>>;

/** A request as it goes out. */
export type Request = {
  readonly operation: Operation;
  readonly path: Values;
  readonly query: Values;
  readonly headers: Values;
  /** JSON, which need not be right. */
  readonly body?: string | Uint8Array;
};

type Json = Record<string, unknown>;

const hole = '@@hole@@';

/** The value with another one at a path; what is missing on the way is made. */
const withAt = (value: unknown, [first, ...rest]: readonly string[], put: unknown): unknown => {
  if (first === undefined) return put;
  if (Array.isArray(value))
    return Object.assign([...value], { [first === '*' ? 0 : first]: withAt(value[Number(first)], rest, put) });
  const name = first === '*' ? 'name' : first;
  const isList = typeof value !== 'object' && /^\d+$/.test(first);
  if (isList) return [withAt(undefined, rest, put)];
  return { ...(value as Json), [name]: withAt((value as Json | undefined)?.[name], rest, put) };
};

const sampleOf = (schema: z.ZodType): unknown => fc.sample(wellFormed(schema), { numRuns: 1, seed: 7 })[0];

/** Of the bodies that are right, the one that stays right with something right in this place. */
export const bodyAround = ({ operation, path, schemas }: Place, bodies: readonly unknown[]): unknown => {
  const schema = bodySchema(operation);
  const right = schemas.map(sampleOf);
  const fits = (body: unknown) =>
    right.some((value) => schema !== undefined && accepts(schema, withAt(body, path, value)));
  return bodies.find(fits) ?? bodies[0] ?? {};
};

/** The values of a place as JSON and as a client reads them: 1e999 is endless, -0 is 0. */
const readBack = (text: string): unknown => JSON.parse(text);

/** A value as it stands in a path, a query or a header. */
const plain = (text: string): string => {
  const value = readBack(text);
  return typeof value === 'string' ? value : text;
};

/** A request that is right but for the text in one place; in a body, one with `around` around it. */
export const requestWith = (place: Place, base: Request, around: unknown, text: string): Request => {
  const { part, path } = place;
  if (part !== 'body') return { ...base, [part]: { ...base[part], [path.join('/')]: plain(text) } };
  const body = JSON.stringify(withAt(around, path, hole)).replace(`"${hole}"`, () => text);
  return { ...base, body };
};

const contractOf = (operation: Operation): OperationContract => api[operation];
const policyOf = (operation: Operation): Policy => routes[operation];

const anything = z.object({});

const schemaOf = ({ operation, part }: Place): z.ZodType => {
  const [policy, contract] = [policyOf(operation), contractOf(operation)];
  if (part === 'path') return pathParameters(policy, contract);
  if (part === 'headers') return headerParameters(policy, contract);
  return (part === 'query' ? contract.query : bodySchema(operation)) ?? anything;
};

const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * What the contract says of a request with something in one place: undefined when it takes it, else the pointers of what is wrong.
 */
export const wrongBy = (place: Place, request: Request): string[] | undefined => {
  const { part } = place;
  const value = part === 'body' ? readBack(String(request.body ?? 'null')) : request[part];
  const { error } = schemaOf(place).safeParse(value);
  if (error === undefined) return undefined;
  const root = part === 'body' ? '' : `/${part}`;
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => root + pointer([...issue.path, key]))
      : [root + pointer(issue.path)],
  );
};
