import { type Operation, type Policy, routes } from '../../contracts/api/routes';

/** The operation of a path, with its path parameters. */
export type RouteAt = {
  readonly operation: Operation;
  readonly policy: Policy;
  readonly pathParameters: Record<string, string>;
};

/** Operations that pages use through their session instead, so that no page sees its tokens. */
const withoutPages: readonly Operation[] = [
  'createSession',
  'getSession',
  'deleteSession',
  'logIn',
  'refreshTokens',
  'logOut',
];

const part = /^(?!\.{1,2}$)[\w.~-]{1,200}$/; // the characters of IDs: nothing that decodes into another path

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

/** Returns the methods of a path (without its first `/`) for pages; none when it does not exist. */
export const methodsAt = (path: string): string[] => {
  const given = path.split('/');
  if (!given.every((one) => part.test(one))) return [];
  return table.flatMap(({ policy, parts }) => (fits(parts, given) ? [policy.method] : []));
};

/** Returns the operation of a method and a path (without its first `/`), undefined when pages have none there. */
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
