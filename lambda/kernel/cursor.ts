import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from './secret';
import type { Tenant } from './tenant';

/** What a function's variables hold when its construct has used `edge.allowCursors`. */
export const cursorEnv = z.object({ CURSOR_SECRET_ARN: z.string().min(1) }); // a local AWS fills in the secret's name

/** What a page ends with: the key from which the next one goes on. */
export type PageKey = Readonly<Record<string, string>>;

/** What a cursor is good for: one list of one tenant. A cursor of another list or tenant opens nothing. */
export type CursorScope = { readonly tenant: Tenant; readonly list: string };

const sign = (secret: string, { tenant, list }: CursorScope, payload: string) =>
  createHmac('sha256', secret).update(`cursor\n${tenant}\n${list}\n${payload}`).digest('base64url');

/** The opaque, signed form of a page key. */
export const sealCursor = ({ signing }: Secrets, scope: CursorScope, key: PageKey): string => {
  const payload = Buffer.from(JSON.stringify(key)).toString('base64url');
  return `${payload}.${sign(signing, scope, payload)}`;
};

const isEqual = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

/** The page key of a cursor; nothing when it was forged, or is another tenant's or another list's. */
export const openCursor = ({ good }: Secrets, scope: CursorScope, cursor: string): PageKey | undefined => {
  const [payload = '', signature = ''] = cursor.split('.');
  const isOurs = good.some((secret) => isEqual(Buffer.from(signature), Buffer.from(sign(secret, scope, payload))));
  return isOurs ? (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as PageKey) : undefined;
};
