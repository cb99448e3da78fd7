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

export type UserEvent = UserAuthenticated | UserProfileCreated;
