import * as z from 'zod';
import { AlertId, ListAlertsQuery, type ListAlertsResponse } from '../contracts/alert-api';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { type CursorScope, openCursor, sealCursor } from '../kernel/cursor';
import type { Request } from '../kernel/http';
import { parseQuery } from '../kernel/http-input';
import type { Secrets } from '../kernel/secret';
import { alertView } from './alert-view';
import type { AlertSelection, KeptAlertStore } from './kept-alert.store';

export type ListAlertsDeps = {
  readonly alerts: Pick<KeptAlertStore, 'list'>;
  /** The key of all cursors. */
  readonly cursorSecret: Secrets;
};

const Mark = z.object({ alertId: AlertId, raisedAt: z.iso.datetime() });

const wrongCursor: ProblemAnswer = {
  status: 400,
  problem: 'ValidationFailed',
  detail: 'The query has wrong parameters.',
  errors: [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an earlier page of the same list' }],
};

type Asked = { readonly selection: AlertSelection; readonly scope: CursorScope };

const ask = (request: Request, cursorSecret: Secrets): Asked | ProblemAnswer => {
  const parsed = parseQuery(request, ListAlertsQuery);
  if (isProblem(parsed)) return parsed;
  const { state, type, severity, limit, cursor } = parsed.query;
  const { tenant } = request.caller;
  const scope = { tenant, list: ['alerts', state ?? 'any', type ?? 'any', severity ?? 'any'].join(' ') };
  const after = cursor === undefined ? undefined : Mark.safeParse(openCursor(cursorSecret, scope, cursor));
  if (after?.success === false) return wrongCursor;
  return { selection: { tenant, state, type, severity, limit, after: after?.data }, scope };
};

/** `GET /alerts`. */
export const listAlertsRoute =
  ({ alerts, cursorSecret }: ListAlertsDeps) =>
  async (request: Request): Promise<Answer> => {
    const asked = ask(request, cursorSecret);
    if (isProblem(asked)) return asked;
    const { items, next } = await alerts.list(asked.selection);
    const more = next === undefined ? {} : { nextCursor: sealCursor(cursorSecret, asked.scope, next) };
    const body: ListAlertsResponse = { items: items.map(alertView), ...more };
    return { status: 200, body };
  };
