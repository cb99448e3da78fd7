import type { Policy, Role, Scope } from '../../../lambda/contracts/api/routes';

/** Everybody of the policy table. */
export const everybody = ['guest', 'customer', 'staff', 'tenant-admin', 'platform-admin'] as const satisfies readonly (
  | Role
  | 'guest'
)[];
export type Who = (typeof everybody)[number];

/** Whose things a request names, seen from whoever sends it. */
export const identifiers = ['own', "another person's", "another shop's", 'unknown', 'malformed'] as const;
export type Identifier = (typeof identifiers)[number];

/** What a scope of the policy table reaches. */
const reach: Readonly<Record<Scope, readonly Identifier[]>> = {
  own: ['own'],
  tenant: ['own', "another person's"],
  all: ['own', "another person's", "another shop's"],
};

/**
 * What the policy table says must come of a request: it is served, the caller must sign in, may not do it, or is told that
 * there is no such thing, or that nothing has such an ID.
 */
export type Expected = 'served' | 'sign in' | 'forbidden' | 'nothing there' | 'no ID';

/** Reads the policy table. `identifier` is undefined for a route that names nothing. */
export const expectedOf = (
  { allow }: Pick<Policy, 'allow'>,
  who: Who,
  identifier: Identifier | undefined,
): Expected => {
  const scope = allow[who];
  if (scope === undefined) return who === 'guest' ? 'sign in' : 'forbidden';
  if (identifier === undefined) return 'served';
  if (identifier === 'malformed') return 'no ID';
  return reach[scope].includes(identifier) ? 'served' : 'nothing there';
};

/** The statuses of each outcome. A guest without the token of an order is asked for it, whether there is an order or not. */
const statuses: Readonly<Record<Expected, (status: number, who: Who) => boolean>> = {
  served: (status) => status < 500 && ![401, 403, 404].includes(status),
  'sign in': (status) => status === 401,
  forbidden: (status) => status === 403,
  'nothing there': (status, who) => status === 404 || (who === 'guest' && status === 401),
  'no ID': (status, who) => [400, 404].includes(status) || (who === 'guest' && status === 401),
};

/** Whether a status is what the policy table says. */
export const isAsExpected = (expected: Expected, status: number, who: Who): boolean => statuses[expected](status, who);
