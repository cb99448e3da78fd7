import * as z from 'zod';
import { ListReturnsQuery, type ListReturnsResponse } from '../contracts/return-api';
import { ReturnId } from '../contracts/return-status';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { type CursorScope, openCursor, sealCursor } from '../kernel/cursor';
import type { Request } from '../kernel/http';
import { etag, parseQuery } from '../kernel/http-input';
import type { Secrets } from '../kernel/secret';
import { findReturn, refuse } from './return.http';
import type { ReturnStore } from './return.store';
import type { ReturnSelection } from './return-list.store';
import { returnView } from './return-view';

/** `GET /returns/{returnId}`. */
export const getReturnRoute =
  ({ returns }: { readonly returns: Pick<ReturnStore, 'get'> }) =>
  async (request: Request): Promise<Answer> => {
    const found = await findReturn(returns, request);
    if (isProblem(found)) return found;
    const headers = etag(found.version);
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    return { status: 200, body: returnView(found), headers };
  };

export type ListReturnsDeps = {
  readonly returns: Pick<ReturnStore, 'list'>;
  /** The key of all cursors. */
  readonly cursorSecret: Secrets;
};

const Mark = z.object({ returnId: ReturnId, requestedAt: z.iso.datetime() });

/** A cursor belongs to the list that it came from, with its filter, and to whoever read that. */
const scopeOf = ({ caller, reach }: Request, status: string | undefined): CursorScope => ({
  tenant: caller.tenant,
  list: ['returns', reach === 'own' ? `of ${caller.userId}` : 'of the tenant', status ?? 'any'].join(' '),
});

const wrongCursor: ProblemAnswer = {
  ...refuse(400, 'ValidationFailed', 'The query has wrong parameters.'),
  errors: [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an earlier page of the same list' }],
};

type Asked = { readonly selection: ReturnSelection; readonly scope: CursorScope };

const ask = (request: Request, cursorSecret: Secrets): Asked | ProblemAnswer => {
  const parsed = parseQuery(request, ListReturnsQuery);
  if (isProblem(parsed)) return parsed;
  const { status, limit, cursor } = parsed.query;
  const scope = scopeOf(request, status);
  const after = cursor === undefined ? undefined : Mark.safeParse(openCursor(cursorSecret, scope, cursor));
  if (after?.success === false) return wrongCursor;
  const { caller, reach } = request;
  const userId = reach === 'own' ? (caller.userId ?? '') : undefined;
  return { selection: { tenant: caller.tenant, userId, status, limit, after: after?.data }, scope };
};

/** `GET /returns`. */
export const listReturnsRoute =
  ({ returns, cursorSecret }: ListReturnsDeps) =>
  async (request: Request): Promise<Answer> => {
    const asked = ask(request, cursorSecret);
    if (isProblem(asked)) return asked;
    const { items, next } = await returns.list(asked.selection);
    const more = next === undefined ? {} : { nextCursor: sealCursor(cursorSecret, asked.scope, next) };
    const body: ListReturnsResponse = { items: items.map(returnView), ...more };
    return { status: 200, body };
  };
