import * as z from 'zod';
import type { Answer, ProblemAnswer } from './answer';
import { isProblem } from './answer';
import { type CursorScope, openCursor, type PageKey, sealCursor } from './cursor';
import type { Request } from './http';
import { parseQuery } from './http-input';
import type { Secrets } from './secret';

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
