import type { Policy, Scope } from '../../contracts/api/routes';
import { type Answer, type ProblemAnswer, refuse } from './answer';
import { type Caller, isGuest } from './caller';
import type { Incoming } from './request';

/** The policy of a route; a proxy accepts any query parameters. */
export type ServedPolicy = Omit<Policy, 'query'> & { readonly query?: Policy['query'] | 'any' };

const widestFirst: readonly Scope[] = ['all', 'tenant', 'own'];

const tokenRequired = () =>
  refuse('TokenRequired', 'Send a token as Authorization: Bearer.', { headers: { 'www-authenticate': 'Bearer' } });

const forbidden = () => refuse('Forbidden', 'Your role may not do this.');

const suspended = () => refuse('TenantSuspended', 'This shop is suspended.');

/** Returns the widest scope of the caller's roles, or the problem when it may not call the route. */
export const scopeOf = ({ allow }: Pick<Policy, 'allow'>, caller: Caller): Scope | ProblemAnswer => {
  const roles = isGuest(caller) ? ['guest'] : caller.roles;
  const scopes = Object.entries(allow).flatMap(([role, scope]) => (roles.includes(role) ? [scope] : []));
  const widest = widestFirst.find((scope) => scopes.includes(scope));
  if (widest === undefined) return isGuest(caller) ? tokenRequired() : forbidden();
  return caller.suspended && widest !== 'all' ? suspended() : widest;
};

/** A request whose caller is known and authorized for the route; its body is not yet parsed. */
export type Request = Incoming & { readonly caller: Caller; readonly scope: Scope };

export type Route = (request: Request) => Promise<Answer>;
