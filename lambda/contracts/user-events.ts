import * as z from 'zod';
import { RecordedEmail } from './email';
import { defineEvent } from './event';
import { recordedLine, UserId } from './text';

/** Somebody logged in with a password. */
export const UserAuthenticated = defineEvent(
  'UserAuthenticated.v1',
  z.object({ userId: UserId, email: RecordedEmail }),
);
export type UserAuthenticated = z.infer<typeof UserAuthenticated>;

/** A user is known from now on. Others keep the ID alone, and ask for the rest when they need it. */
export const UserProfileCreated = defineEvent(
  'UserProfileCreated.v1',
  z.object({ userId: UserId, email: RecordedEmail, displayName: recordedLine(100).optional() }),
);
export type UserProfileCreated = z.infer<typeof UserProfileCreated>;

/**
 * What a user may do was changed, or log-ins of it were ended: disabled, deleted, other roles, logged out, a new password or
 * authenticator app. Whoever holds something open for the user asks whether it is good yet.
 */
export const UserAccessChanged = defineEvent('UserAccessChanged.v1', z.object({ userId: UserId }));
export type UserAccessChanged = z.infer<typeof UserAccessChanged>;

export type UserEvent = UserAuthenticated | UserProfileCreated | UserAccessChanged;
