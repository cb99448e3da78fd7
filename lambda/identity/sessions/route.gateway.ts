import * as z from 'zod';
import { type Operation, type Policy, routes } from '../../contracts/routes';
import { invokeFunction } from '../../kernel/aws/signed-request';

/** An operation of the API, as a path names it. */
export type RouteAt = {
  readonly operation: Operation;
  readonly policy: Policy;
  readonly pathParameters: Record<string, string>;
};

/** What pages get by their session instead: its tokens are for no page to see. */
const withoutPages: readonly Operation[] = [
  'createSession',
  'getSession',
  'deleteSession',
  'logIn',
  'refreshTokens',
  'logOut',
];

const part = /^(?!\.{1,2}$)[\w.~-]{1,200}$/; // as all IDs are written: nothing that could be decoded into another path

const table = (Object.keys(routes) as Operation[])
  .filter((operation) => !withoutPages.includes(operation))
  .map((operation) => ({
    operation,
    policy: routes[operation] as Policy,
    parts: routes[operation].path.slice(1).split('/'),
  }))
  .sort((one, other) => Number(one.policy.path.includes('{')) - Number(other.policy.path.includes('{')));

const nameOf = (pattern: string): string | undefined => /^\{(\w+)\}$/.exec(pattern)?.[1];

const fits = (patterns: readonly string[], given: readonly string[]): boolean =>
  patterns.length === given.length &&
  patterns.every((pattern, at) => nameOf(pattern) !== undefined || pattern === given[at]);

/** The methods that a path without its first `/` takes from pages; none when there is no such path. */
export const methodsAt = (path: string): string[] => {
  const given = path.split('/');
  if (!given.every((one) => part.test(one))) return [];
  return table.flatMap(({ policy, parts }) => (fits(parts, given) ? [policy.method] : []));
};

/** The operation that a method and a path without its first `/` name; nothing when there is none for pages. */
export const routeAt = (method: string, path: string): RouteAt | undefined => {
  const given = path.split('/');
  if (!given.every((one) => part.test(one))) return undefined;
  const found = table.find(({ policy, parts }) => policy.method === method && fits(parts, given));
  if (found === undefined) return undefined;
  const named = found.parts.flatMap((pattern, at) => {
    const name = nameOf(pattern);
    return name === undefined ? [] : [[name, given[at] ?? '']];
  });
  return { operation: found.operation, policy: found.policy, pathParameters: Object.fromEntries(named) };
};

const timeoutMs = 28_000; // API Gateway waits for 29 s

/** What a function of the API answers. */
const Answered = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
export type Answered = z.infer<typeof Answered>;

/** The name of the function of each operation. */
export type RouteFunctions = ReadonlyMap<string, string>;

/** Hands a request to the function that answers an operation, as API Gateway would. Throws when it fails. */
export const routeFunctions =
  (functions: RouteFunctions) =>
  async (operation: Operation, event: unknown): Promise<Answered> => {
    const name = functions.get(operation);
    if (name === undefined) throw new Error(`no function answers ${operation}`);
    return Answered.parse(await invokeFunction(name, timeoutMs)(event));
  };
