import * as z from 'zod';
import { AcknowledgeAlertRequest, AlertId, ListAlertsQuery } from '../../contracts/api/alert-api';
import type { Secrets } from '../../kernel/aws/secret';
import {
  type Answer,
  isProblem,
  type ProblemAnswer,
  refuse,
  refuseStale,
  versionMismatch,
} from '../../kernel/http/answer';
import { etag, parseBody, parseIfMatch, parseQuery } from '../../kernel/http/input';
import { answerPage, type PageAfter } from '../../kernel/http/list-page';
import type { Request } from '../../kernel/http/route';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import { type AlertRecord, acknowledge, alertView, recordAlert } from './alert-history';
import type { AlertHistoryStore, AlertMark } from './alert-history.store';
import { type AlertSources, closeAtSource } from './close-alert';

export type ListAlertsDeps = {
  readonly alerts: Pick<AlertHistoryStore, 'list'>;
  /** Signs and checks the cursors. */
  readonly cursorSecret: Secrets;
};

const Mark = z.object({ alertId: AlertId, raisedAt: z.iso.datetime() });

/** `GET /alerts`. */
export const listAlertsRoute =
  ({ alerts, cursorSecret }: ListAlertsDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parseQuery(request, ListAlertsQuery);
    if (isProblem(parsed)) return parsed;
    const { state, type, severity } = parsed.query;
    const { tenant } = request.caller;
    const scope = { tenant, list: ['alerts', state ?? 'any', type ?? 'any', severity ?? 'any'].join(' ') };
    const list = { secret: cursorSecret, scope, key: Mark };
    const read = (page: PageAfter<AlertMark>) => alerts.list({ tenant, state, type, severity, ...page });
    return answerPage(parsed.query, list, read, alertView);
  };

export type AcknowledgeAlertDeps = {
  readonly alerts: Pick<AlertHistoryStore, 'get' | 'save'>;
  readonly sources: AlertSources;
  readonly now: () => Date;
};

type Parsed = { readonly body: AcknowledgeAlertRequest; readonly ifMatch: number | undefined };

const maxAttempts = 10; // writers that may be faster

const modified = 'Alert was modified, please retry';

const parse = (request: Request): Parsed | ProblemAnswer => {
  const parsed = parseBody(request, AcknowledgeAlertRequest);
  if (isProblem(parsed)) return parsed;
  const matched = parseIfMatch(request);
  return isProblem(matched) ? matched : { body: parsed.body, ifMatch: matched.version };
};

const findAlert = async ({ alerts }: AcknowledgeAlertDeps, request: Request): Promise<AlertRecord | ProblemAnswer> => {
  const alertId = request.pathParameter('alertId');
  const isOne = AlertId.safeParse(alertId).success;
  const found = isOne ? await alerts.get(request.caller.tenant, alertId) : undefined;
  return found ?? refuse('AlertNotFound', 'There is no such alert.');
};

type By = { readonly by: string; readonly at: string; readonly note: string };

const answer = (alert: AlertRecord): Answer => ({ status: 200, body: alertView(alert), headers: etag(alert.version) });

const notRaised = refuse('AlertNotRaised', 'The alert is resolved already: there is nothing to close.');

/**
 * Closes the alert in its source table first. The history is then updated by the same event that the relay publishes.
 */
const close = async ({ alerts, sources, now }: AcknowledgeAlertDeps, alert: AlertRecord, by: By): Promise<Answer> => {
  const { tenant, alertId, closed } = alert;
  if (closed !== undefined && closed.by === by.by && closed.note === by.note) return answer(alert); // a repeat
  const event = alert.state === 'RAISED' ? await closeAtSource(sources, alert, by) : undefined;
  if (event === undefined) return notRaised;
  await recordAlert(alerts, now)(event);
  return answer((await alerts.get(tenant, alertId)) ?? alert);
};

const acknowledgeOnce = async (
  { alerts }: AcknowledgeAlertDeps,
  alert: AlertRecord,
  by: By,
): Promise<Answer | Conflict> => {
  const next = acknowledge(alert, by);
  return (await alerts.save(next)) ? answer(next) : conflict;
};

const attempt = async (deps: AcknowledgeAlertDeps, request: Request, parsed: Parsed): Promise<Answer | Conflict> => {
  const alert = await findAlert(deps, request);
  if (isProblem(alert)) return alert;
  const { body, ifMatch } = parsed;
  const refused = refuseStale({ ifMatch, expected: body.version }, alert.version, {
    ifMatch: modified,
    expected: modified,
  });
  if (refused !== undefined) return refused;
  const { userId = '' } = request.caller; // staff has one
  const by = { by: userId, at: deps.now().toISOString(), note: body.note };
  return body.state === 'RESOLVED' ? close(deps, alert, by) : acknowledgeOnce(deps, alert, by);
};

/** `PATCH /alerts/{alertId}`: staff acknowledges an alert or closes it. */
export const acknowledgeAlertRoute =
  (deps: AcknowledgeAlertDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parse(request);
    if (isProblem(parsed)) return parsed;
    return retryOnConflict({ attempts: maxAttempts, onExhausted: () => versionMismatch(modified) }, () =>
      attempt(deps, request, parsed),
    );
  };
