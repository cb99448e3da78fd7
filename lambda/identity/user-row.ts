import * as z from 'zod';
import { KeptAddress } from '../contracts/address';
import { type Role, roles } from '../contracts/routes';
import { UserStatus } from '../contracts/user-calls';
import { originColumns } from '../kernel/actor';
import { parseTenantKey, type Tenant, tenantKey } from '../kernel/tenant';
import type { User, UserKey } from './user';

/** An item of the users table; a stream image is one too, and is parsed by it. */
const UserRow = z.object({
  userId: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean(),
  status: UserStatus,
  roles: z.partialRecord(z.enum(roles), z.iso.datetime()),
  displayName: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  phoneNumber: z.string().optional(),
  address: KeptAddress.optional(),
  preferences: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  avatar: z.string().optional(),
  lastLoginAt: z.iso.datetime().optional(),
  totpSince: z.iso.datetime().optional(),
  endedSessions: z.array(z.string()),
  tokensNotBefore: z.int().optional(),
  logInsNotBefore: z.int().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
  correlationId: z.string(),
  fact: z.object({
    type: z.enum([
      'UserProfileCreated',
      'UserAuthenticated',
      'ProfileChanged',
      'AccessChanged',
      'SessionEnded',
      'TotpConfirmed',
    ]),
    ...originColumns,
  }),
});

/** The index of a tenant's users has the tenant and the time as its key. */
export const userRow = ({ tenant, userId, ...rest }: User) => ({
  ...rest,
  userId: userRowKey({ tenant, userId }),
  tenant: tenant as string,
});

export const userRowKey = ({ tenant, userId }: UserKey): string => tenantKey(tenant, userId);

/** The opposite of `userRowKey`. */
export const userKeyOf = (key: string): UserKey => {
  const { tenant, id } = parseTenantKey(key);
  return { tenant, userId: id };
};

/** Throws when the item is not a user that this version knows. */
export const userFromRow = (item: unknown): User => {
  const { userId: key, ...rest } = UserRow.parse(item);
  return { ...rest, ...userKeyOf(key) };
};

/** The names of a user's roles, in the order of the policy table. */
export const roleNames = (given: User['roles']): Role[] => roles.filter((role) => given[role] !== undefined);

export type UserPage = { readonly tenant: Tenant; readonly limit: number; readonly after?: UserCursor | undefined };
export type UserCursor = { readonly userId: string; readonly createdAt: string };
