import * as z from 'zod';
import { RecordedEmail } from '../values/email';
import { personal } from '../values/personal';
import { recordedLine, UserId } from '../values/text';
import { defineEvent } from './event';

/** A user logged in with a password. */
export const UserAuthenticated = defineEvent(
  'UserAuthenticated.v1',
  z.object({ userId: UserId, email: personal('account', RecordedEmail) }),
);
export type UserAuthenticated = z.infer<typeof UserAuthenticated>;

/** A user was created, with the address and the name that they had then. */
export const UserProfileCreated = defineEvent(
  'UserProfileCreated.v1',
  z.object({
    userId: UserId,
    email: personal('account', RecordedEmail),
    displayName: personal('account', recordedLine(100)).optional(),
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
