import * as z from 'zod';
import { UserStatus } from '../calls/user-calls';
import { PostalAddress, StoredAddress } from '../values/address';
import { hasCardNumber, noCardNumber } from '../values/card-number';
import { Email } from '../values/email';
import { personal } from '../values/personal';
import { freeText, identifier, PhoneNumber, StoredNumber, TenantId, UserId } from '../values/text';
import { HttpsUrl } from '../values/url';
import type { OperationContract } from './operation';
import { page, pageOf } from './page';
import { type Operation, roles } from './routes';
import { SignInEmail } from './sign-in-api';

const RoleName = z.enum(roles);

/** The roles that a tenant's admin may assign. */
const TenantRoleName = RoleName.exclude(['platform-admin']);
const TenantRoles = z
  .array(TenantRoleName)
  .min(1)
  .refine((given) => new Set(given).size === given.length, 'must not name the same role twice');

/** Names that every JavaScript object has. The store cannot save some of them. */
const isReserved = (name: string) => name in Object.prototype || name === 'prototype';

const PreferenceName = identifier()
  .refine((name) => !isReserved(name), 'must not be a name such as constructor or toString')
  .refine((name) => name.length > 64 || !hasCardNumber(name), noCardNumber);

const Preferences = z
  .record(PreferenceName, z.union([freeText(200), StoredNumber, z.boolean()]))
  .refine((given) => Object.keys(given).length <= 50, 'must not be more than 50');

const KeptPreferences = z.record(z.string(), z.union([z.string().min(1).max(200), z.number(), z.boolean()]));

/** The profile that users edit themselves. */
export const profile = {
  displayName: personal('account', freeText(100)),
  firstName: personal('account', freeText(50)),
  lastName: personal('account', freeText(50)),
  phoneNumber: personal('account', PhoneNumber),
  address: PostalAddress,
  preferences: personal('account', Preferences),
  avatar: personal('account', HttpsUrl),
};

/** The version that the caller read. @default any version */
const expectedVersion = z.int().positive().optional();

/** Body of `PATCH /users/me`. Missing fields stay, and `null` clears a field. */
export const UpdateMeRequest = z.strictObject({
  displayName: profile.displayName.nullable().optional(),
  firstName: profile.firstName.nullable().optional(),
  lastName: profile.lastName.nullable().optional(),
  phoneNumber: profile.phoneNumber.nullable().optional(),
  address: profile.address.nullable().optional(),
  preferences: profile.preferences.nullable().optional(),
  avatar: profile.avatar.nullable().optional(),
  expectedVersion,
});
export type UpdateMeRequest = z.infer<typeof UpdateMeRequest>;

export const CreateUserRequest = z.strictObject({
  email: SignInEmail,
  displayName: personal('account', freeText(100)).optional(),
  roles: TenantRoles.default(['staff']),
});
export type CreateUserRequest = z.infer<typeof CreateUserRequest>;

export const UpdateUserRequest = z.strictObject({
  status: UserStatus.optional(),
  roles: TenantRoles.optional(),
  /** Removes a lost authenticator app from the account. */
  totp: z.literal('reset').optional(),
  expectedVersion,
});
export type UpdateUserRequest = z.infer<typeof UpdateUserRequest>;

/** A user of a tenant: the account and the profile. A deleted one has no personal data. */
export const UserView = z.object({
  userId: UserId,
  tenantId: TenantId,
  email: personal('account', Email).optional(),
  emailVerified: z.boolean(),
  status: UserStatus,
  userRoles: z.array(z.object({ role: RoleName, assignedAt: z.iso.datetime() })),
  displayName: personal('account', z.string()).optional(),
  firstName: personal('account', z.string()).optional(),
  lastName: personal('account', z.string()).optional(),
  phoneNumber: personal('account', z.string()).optional(),
  address: StoredAddress.optional(),
  preferences: personal('account', KeptPreferences).optional(),
  avatar: personal('account', z.string()).optional(),
  lastLoginAt: z.iso.datetime().optional(),
  /** Since when log-ins need a code of an authenticator app. */
  totpSince: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
});
export type UserView = z.infer<typeof UserView>;

/** The contracts of the user operations. */
export const userOperations = {
  getMe: {
    summary: 'Read your own account and profile',
    tag: 'Users',
    answers: { 200: UserView },
    problems: ['UserNotFound'],
    etag: true,
  },
  updateMe: {
    summary: 'Change your own profile',
    description: 'Missing fields stay unchanged, and `null` clears a field.',
    tag: 'Users',
    body: UpdateMeRequest,
    answers: { 200: UserView },
    problems: ['UserNotFound', 'UserDeleted', 'VersionMismatch'],
    etag: true,
  },
  createUser: {
    summary: 'Invite a user to the tenant',
    description: 'Mails a code with which the user sets a password at `POST /auth/reset-password`.',
    tag: 'Users',
    body: CreateUserRequest,
    answers: { 201: UserView },
    sends: ['Location'],
    problems: ['UserExists', 'NotFound'],
    etag: true,
  },
  listUsers: {
    summary: 'List the users of the tenant, newest first',
    tag: 'Users',
    query: z.object(page),
    answers: { 200: pageOf(UserView) },
    problems: [],
  },
  getUser: {
    summary: 'Read a user of the tenant',
    tag: 'Users',
    answers: { 200: UserView },
    problems: ['UserNotFound'],
    etag: true,
  },
  updateUser: {
    summary: 'Disable, enable or delete a user, or change its roles',
    description:
      'A disabled user and every token with the old roles lose access within a minute. `"totp": "reset"` is for a lost ' +
      'device: the user sets up another one with the password.',
    tag: 'Users',
    body: UpdateUserRequest,
    answers: { 200: UserView },
    problems: ['UserNotFound', 'UserDeleted', 'VersionMismatch'],
    etag: true,
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
