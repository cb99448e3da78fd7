import * as z from 'zod';
import { defineEvent } from './event';
import { Email, recordedLine, UserId } from './text';

/** Somebody logged in with a password. */
export const UserAuthenticated = defineEvent('UserAuthenticated.v1', z.object({ userId: UserId, email: Email }));
export type UserAuthenticated = z.infer<typeof UserAuthenticated>;

/** A user is known from now on. Others keep the ID alone, and ask for the rest when they need it. */
export const UserProfileCreated = defineEvent(
  'UserProfileCreated.v1',
  z.object({ userId: UserId, email: Email, displayName: recordedLine(100).optional() }),
);
export type UserProfileCreated = z.infer<typeof UserProfileCreated>;

export type UserEvent = UserAuthenticated | UserProfileCreated;
