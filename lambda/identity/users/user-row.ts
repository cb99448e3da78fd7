import * as z from 'zod';
import { type Role, roles } from '../../contracts/api/routes';
import { UserStatus } from '../../contracts/calls/user-calls';
import { StoredAddress } from '../../contracts/values/address';
import { StoredSealed, unsealed } from '../../contracts/values/sealed';
import { originColumns } from '../../kernel/http/caller';
import { parseTenantKey, tenantKey } from '../../kernel/tenant';
import type { StoredUser, User, UserKey } from './user';

const sealedText = StoredSealed.optional();

/** Sealed JSON. Before it was sealed, it was a map. */
const sealedJson = (before: z.ZodType) =>
  StoredSealed.or(before.transform((value) => unsealed(JSON.stringify(value)))).optional();

/** An item of the users table, also as a stream image. */
const UserRow = z.object({
  userId: z.string(),
  email: sealedText,
  emailVerified: z.boolean(),
  status: UserStatus,
  roles: z.partialRecord(z.enum(roles), z.iso.datetime()),
  displayName: sealedText,
  firstName: sealedText,
  lastName: sealedText,
  phoneNumber: sealedText,
  address: sealedJson(StoredAddress),
  preferences: sealedJson(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  avatar: sealedText,
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

/** Returns the row of a user. Its attributes `tenant` and `createdAt` are the key of the index by tenant. */
export const userRow = ({ tenant, userId, ...rest }: StoredUser) => ({
  ...rest,
  userId: userRowKey({ tenant, userId }),
  tenant: tenant as string,
});

export const userRowKey = ({ tenant, userId }: UserKey): string => tenantKey(tenant, userId);

/** Parses what `userRowKey` returns. */
export const userKeyOf = (key: string): UserKey => {
  const { tenant, id } = parseTenantKey(key);
  return { tenant, userId: id };
};

/** Parses a row. Throws when its shape is wrong. */
export const userFromRow = (item: unknown): StoredUser => {
  const { userId: key, ...rest } = UserRow.parse(item);
  return { ...rest, ...userKeyOf(key) };
};

/** Returns the names of a user's roles, in the order of the policy table. */
export const roleNames = (given: User['roles']): Role[] => roles.filter((role) => given[role] !== undefined);
