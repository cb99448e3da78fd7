import { TenantId } from '../../contracts/values/text';
import { isProblem } from '../../kernel/http/answer';
import type { Request, Route } from '../../kernel/http/route';
import { trustedTenant } from '../../kernel/tenant';
import { bodyOf } from './request-erasure.http';

const namedIn = (request: Request): string | undefined => {
  const { tenantId } = request.query;
  if (tenantId !== undefined) return tenantId;
  const parsed = bodyOf(request);
  return isProblem(parsed) ? undefined : parsed.body.tenantId;
};

/**
 * Returns a route on which a platform admin acts for the tenant that the request names. Anybody else acts for their
 * own, whatever the request says.
 */
export const forNamedTenant =
  (route: Route): Route =>
  (request) => {
    const { caller, scope } = request;
    const named = scope === 'all' ? TenantId.safeParse(namedIn(request)) : undefined;
    if (named?.success !== true) return route(request);
    const tenant = trustedTenant(named.data); // only a platform admin comes here
    return route({ ...request, caller: { ...caller, tenant } });
  };
