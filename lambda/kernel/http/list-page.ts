import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../aws/secret';
import type { Tenant } from '../tenant';
import { type Answer, wrongFields } from './answer';

/** The variables of a function whose construct uses `middleware.allowCursors`. */
export const cursorEnv = z.object({ CURSOR_SECRET_ARN: z.string().min(1) }); // a local AWS fills in the secret's name

/** The key after which the next page starts. */
export type PageKey = Readonly<Record<string, string>>;

/** The list and tenant that a cursor is valid for; it is invalid for any other. */
export type CursorScope = { readonly tenant: Tenant; readonly list: string };

const sign = (secret: string, { tenant, list }: CursorScope, payload: string) =>
  createHmac('sha256', secret).update(`cursor\n${tenant}\n${list}\n${payload}`).digest('base64url');

/** Returns a page key as an opaque, signed cursor. */
export const encodeCursor = ({ signing }: Secrets, scope: CursorScope, key: PageKey): string => {
  const payload = Buffer.from(JSON.stringify(key)).toString('base64url');
  return `${payload}.${sign(signing, scope, payload)}`;
};

const isEqual = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

/** Returns the page key of a cursor, undefined when it is forged or of another tenant or list. */
export const decodeCursor = ({ good }: Secrets, scope: CursorScope, cursor: string): PageKey | undefined => {
  const [payload = '', signature = ''] = cursor.split('.');
  const isOurs = good.some((secret) => isEqual(Buffer.from(signature), Buffer.from(sign(secret, scope, payload))));
  return isOurs ? (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as PageKey) : undefined;
};

/** A list: its scope, the secret that signs its cursors, and the shape of its page keys. */
export type List<Key extends PageKey> = {
  readonly secret: Secrets;
  readonly scope: CursorScope;
  readonly key: z.ZodType<Key>;
};

/** At most `limit` items after a key. */
export type PageAfter<Key> = { readonly limit: number; readonly after?: Key | undefined };

/** One page of items, and the key of the next page if there is one. */
export type Part<Item, Key> = { readonly items: readonly Item[]; readonly next?: Key | undefined };

const wrongCursor = () =>
  wrongFields(
    [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an earlier page of the same list' }],
    'The query has wrong parameters.',
  );

/** Returns one page of a list, with the cursor of the next page, or a 400 problem for a cursor of another list. */
export const answerPage = async <Item, Key extends PageKey>(
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  { secret, scope, key }: List<Key>,
  read: (page: PageAfter<Key>) => Promise<Part<Item, Key>>,
  view: (item: Item) => unknown,
): Promise<Answer> => {
  const after = cursor === undefined ? undefined : key.safeParse(decodeCursor(secret, scope, cursor)).data;
  if (cursor !== undefined && after === undefined) return wrongCursor();
  const { items, next } = await read({ limit, after });
  const nextCursor = next && encodeCursor(secret, scope, next);
  return { status: 200, body: { items: await Promise.all(items.map((item) => view(item))), nextCursor } };
};
