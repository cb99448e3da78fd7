import * as z from 'zod';
import { sealed } from '../values/sealed';
import { UserId } from '../values/text';
import { defineEvent } from './event';

/** A user logged in with a password. */
export const UserAuthenticated = defineEvent(
  'UserAuthenticated.v2',
  z.object({ userId: UserId, email: sealed('account') }),
);
export type UserAuthenticated = z.infer<typeof UserAuthenticated>;

/** A user was created, with the address and the name that they had then. */
export const UserProfileCreated = defineEvent(
  'UserProfileCreated.v2',
  z.object({
    userId: UserId,
    email: sealed('account'),
    displayName: sealed('account').optional(),
  }),
);
export type UserProfileCreated = z.infer<typeof UserProfileCreated>;

/**
 * A user's access changed, or log-ins ended: disabled, deleted, other roles, logged out, a new password or
 * authenticator app. Services with open connections of the user must check their credentials again.
 */
export const UserAccessChanged = defineEvent('UserAccessChanged.v1', z.object({ userId: UserId }));
export type UserAccessChanged = z.infer<typeof UserAccessChanged>;

export type UserEvent = UserAuthenticated | UserProfileCreated | UserAccessChanged;
