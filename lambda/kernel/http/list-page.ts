import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../aws/secret';
import type { Tenant } from '../tenant';
import { type Answer, isProblem, type ProblemAnswer, type Request } from './http';
import { parseQuery } from './input';
import { wrongFields } from './refusal';

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

/** The scope of a list, and the secret that signs its cursors. */
export type List = { readonly secret: Secrets; readonly scope: CursorScope };

/** One page of items, and the key of the next page if there is one. */
export type Part<Item> = { readonly items: readonly Item[]; readonly next?: PageKey | undefined };

type Page = { readonly limit: number; readonly after?: PageKey | undefined };

const Query = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2000).optional(),
});

/** Returns the problem of a cursor that `decodeCursor` does not accept. */
export const wrongCursor = () =>
  wrongFields(
    [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an earlier page of the same list' }],
    'The query has wrong parameters.',
  );

const pageFrom = (request: Request, { secret, scope }: List): Page | ProblemAnswer => {
  const parsed = parseQuery(request, Query);
  if (isProblem(parsed)) return parsed;
  const { limit, cursor } = parsed.query;
  if (cursor === undefined) return { limit };
  const after = decodeCursor(secret, scope, cursor);
  return after === undefined ? wrongCursor() : { limit, after };
};

/** Returns one page of a list: at most `limit` items after the cursor, with the cursor of the next page. */
export const answerPage = async <Item>(
  request: Request,
  list: List,
  read: (page: Page) => Promise<Part<Item>>,
  view: (item: Item) => unknown,
): Promise<Answer> => {
  const page = pageFrom(request, list);
  if (isProblem(page)) return page;
  const { items, next } = await read(page);
  const nextCursor = next && encodeCursor(list.secret, list.scope, next);
  return { status: 200, body: { items: items.map(view), nextCursor } };
};
