import { StorefrontKey } from '../contracts/order-api';
import type { ProblemName } from '../contracts/problem';
import type { ProblemAnswer, Request } from '../kernel/http';
import { defaultTenant, type Tenant } from '../kernel/tenant';
import type { StorefrontStore } from './storefront.store';

/** A problem whose name the API's contract knows. */
export const refuse = (status: number, problem: ProblemName, detail: string): ProblemAnswer => ({
  status,
  problem,
  detail,
});

export const isProblem = (value: unknown): value is ProblemAnswer =>
  typeof value === 'object' && value !== null && 'problem' in value;

/** The tenant of the storefront key; of guests without one, the default. */
export const tenantOf = async (
  request: Request,
  storefronts: Pick<StorefrontStore, 'tenantOf'>,
): Promise<Tenant | ProblemAnswer> => {
  const key = request.header('x-storefront-key');
  if (key === undefined) return defaultTenant;
  const tenant = StorefrontKey.safeParse(key).success ? await storefronts.tenantOf(key) : undefined;
  return tenant ?? refuse(401, 'UnknownStorefrontKey', 'No storefront has this X-Storefront-Key.');
};
