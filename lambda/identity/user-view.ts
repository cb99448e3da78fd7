import type { UserView } from '../contracts/user-api';
import type { User } from './user';
import { roleNames } from './user-row';

/** A user as the API shows it. */
export const userView = (user: User): UserView => {
  const { tenant, userId, email, emailVerified, status, roles, lastLoginAt, totpSince, createdAt, updatedAt, version } =
    user;
  const { displayName, firstName, lastName, phoneNumber, address, preferences, avatar } = user;
  return {
    userId,
    tenantId: tenant,
    email,
    emailVerified,
    status,
    userRoles: roleNames(roles).map((role) => ({ role, assignedAt: roles[role] ?? createdAt })),
    displayName,
    firstName,
    lastName,
    phoneNumber,
    address,
    preferences,
    avatar,
    lastLoginAt,
    totpSince,
    createdAt,
    updatedAt,
    version,
  };
};
