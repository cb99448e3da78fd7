import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../aws/secret';
import type { Tenant } from '../tenant';
import { type Answer, isProblem, type ProblemAnswer, type Request } from './http';
import { parseQuery } from './input';

/** What a function's variables hold when its construct has used `middleware.allowCursors`. */
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

/** What a list is, and what its cursors are sealed with. */
export type List = { readonly secret: Secrets; readonly scope: CursorScope };

/** A part of a list, and where the next one begins if there is more. */
export type Part<Item> = { readonly items: readonly Item[]; readonly next?: PageKey | undefined };

type Page = { readonly limit: number; readonly after?: PageKey | undefined };

const Query = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2000).optional(),
});

const wrongCursor: ProblemAnswer = {
  status: 400,
  problem: 'ValidationFailed',
  detail: 'The query has wrong parameters.',
  errors: [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an answer of this list' }],
};

const pageFrom = (request: Request, { secret, scope }: List): Page | ProblemAnswer => {
  const parsed = parseQuery(request, Query);
  if (isProblem(parsed)) return parsed;
  const { limit, cursor } = parsed.query;
  if (cursor === undefined) return { limit };
  const after = openCursor(secret, scope, cursor);
  return after === undefined ? wrongCursor : { limit, after };
};

/** Answers one page of a list: at most `limit` items from the cursor on, with the cursor of the next page. */
export const answerPage = async <Item>(
  request: Request,
  list: List,
  read: (page: Page) => Promise<Part<Item>>,
  view: (item: Item) => unknown,
): Promise<Answer> => {
  const page = pageFrom(request, list);
  if (isProblem(page)) return page;
  const { items, next } = await read(page);
  const nextCursor = next && sealCursor(list.secret, list.scope, next);
  return { status: 200, body: { items: items.map(view), nextCursor } };
};
