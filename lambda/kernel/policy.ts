import type { ProblemAnswer } from './answer';
import { type Caller, isGuest } from './caller';

/** How far a caller reaches on a route: its own things, its tenant's, or every tenant's. */
export type Reach = 'own' | 'tenant' | 'all';

/** Who may call a route, by role, and how far they reach; `guest` is a caller without a token. */
export type Policy = {
  readonly method: string;
  readonly path: string;
  readonly allow: Readonly<Record<string, Reach>>;
  /** The query parameters that it takes. @default none */
  readonly query?: readonly string[] | 'any';
};

const widestFirst: readonly Reach[] = ['all', 'tenant', 'own'];

const tokenRequired: ProblemAnswer = {
  status: 401,
  problem: 'TokenRequired',
  detail: 'Send a token as Authorization: Bearer.',
  headers: { 'www-authenticate': 'Bearer' },
};

const forbidden: ProblemAnswer = { status: 403, problem: 'Forbidden', detail: 'Your role may not do this.' };

const suspended: ProblemAnswer = { status: 403, problem: 'TenantSuspended', detail: 'This shop is suspended.' };

/** How far a caller reaches by the widest of its roles, or why it may not call the route at all. */
export const reachOf = ({ allow }: Policy, caller: Caller): Reach | ProblemAnswer => {
  const roles = isGuest(caller) ? ['guest'] : caller.roles;
  const reaches = roles.flatMap((role) => (Object.hasOwn(allow, role) ? [allow[role]] : []));
  const widest = widestFirst.find((reach) => reaches.includes(reach));
  if (widest === undefined) return isGuest(caller) ? tokenRequired : forbidden;
  return caller.suspended && widest !== 'all' ? suspended : widest;
};
