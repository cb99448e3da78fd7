import * as z from 'zod';
import { trustedTenant } from '../kernel/tenant';
import { endOf, type Session } from './session';

const Row = z.object({
  sessionId: z.string(),
  tenant: z.string().transform(trustedTenant),
  userId: z.string(),
  loginId: z.string().optional(),
  secretHash: z.string(),
  previousHash: z.string().optional(),
  sealed: z.string(),
  tokenExpiresAt: z.string(),
  rotatedAt: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  version: z.int().positive(),
});

/** A session as the table keeps it, with when it may be forgotten in seconds since 1970. */
export const sessionRow = (session: Session) => ({
  ...session,
  forgetAt: Math.ceil(endOf(session).getTime() / 1000),
});

export const sessionFromRow = (row: unknown): Session => Row.parse(row);
