import * as z from 'zod';
import { type Tenant, trustedTenant } from './tenant';

/** Who sends a request: verified by the authorizer, never taken from a body. */
export type Caller = {
  readonly tenant: Tenant;
  /** Missing for a guest. */
  readonly userId?: string | undefined;
  readonly email?: string | undefined;
  readonly roles: readonly string[];
};

/** A caller without a token, in the shop of a storefront key. */
export const guest = (tenant: Tenant): Caller => ({ tenant, roles: [] });

export const isGuest = ({ userId }: Caller): boolean => userId === undefined;

/** What the authorizer hands over: API Gateway passes on flat strings alone. */
const AuthorizerContext = z.object({
  tenant: z.string().min(1),
  userId: z.string().optional(),
  email: z.string().optional(),
  /** Separated by blanks. */
  roles: z.string(),
});

const present = (text: string | undefined) => (text === '' ? undefined : text);

/** The caller as the authorizer described it. Throws when no authorizer ran: a route must not be open by mistake. */
export const callerFrom = (context: unknown): Caller => {
  const { tenant, userId, email, roles } = AuthorizerContext.parse(context);
  return {
    tenant: trustedTenant(tenant),
    userId: present(userId),
    email: present(email),
    roles: roles.split(' ').filter((role) => role !== ''),
  };
};

/** The opposite of `callerFrom`. */
export const authorizerContext = ({ tenant, userId, email, roles }: Caller): z.input<typeof AuthorizerContext> => ({
  tenant,
  roles: roles.join(' '),
  ...(userId === undefined ? {} : { userId }),
  ...(email === undefined ? {} : { email }),
});
