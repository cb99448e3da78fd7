import { AcknowledgeAlertRequest, AlertId } from '../contracts/alert-api';
import type { ProblemName } from '../contracts/problem';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Request } from '../kernel/http';
import { etag, parseBody, parseIfMatch } from '../kernel/http-input';
import { alertView } from './alert-view';
import { acknowledge, type KeptAlert } from './kept-alert';
import type { KeptAlertStore } from './kept-alert.store';

export type AcknowledgeAlertDeps = {
  readonly alerts: Pick<KeptAlertStore, 'get' | 'save'>;
  readonly now: () => Date;
};

type Parsed = { readonly body: AcknowledgeAlertRequest; readonly ifMatch: number | undefined };

const tries = 10; // so many others at most are first

const refuse = (status: number, problem: ProblemName, detail: string): ProblemAnswer => ({ status, problem, detail });

const modified = 'Alert was modified, please retry';

const versionMismatch = (currentVersion?: number): ProblemAnswer => ({
  ...refuse(409, 'VersionMismatch', modified),
  members: { error: 'VersionMismatchError', currentVersion },
});

const parse = (request: Request): Parsed | ProblemAnswer => {
  const parsed = parseBody(request, AcknowledgeAlertRequest);
  if (isProblem(parsed)) return parsed;
  const matched = parseIfMatch(request);
  return isProblem(matched) ? matched : { body: parsed.body, ifMatch: matched.version };
};

const findAlert = async ({ alerts }: AcknowledgeAlertDeps, request: Request): Promise<KeptAlert | ProblemAnswer> => {
  const alertId = request.pathParameter('alertId');
  const isOne = AlertId.safeParse(alertId).success;
  const found = isOne ? await alerts.get(request.caller.tenant, alertId) : undefined;
  return found ?? refuse(404, 'AlertNotFound', 'There is no such alert.');
};

const refuseVersion = ({ version }: KeptAlert, { body, ifMatch }: Parsed): ProblemAnswer | undefined => {
  if (ifMatch !== undefined && ifMatch !== version)
    return { ...refuse(412, 'PreconditionFailed', modified), members: { currentVersion: version } };
  return body.version !== undefined && body.version !== version ? versionMismatch(version) : undefined;
};

/** Nothing when somebody else was first. */
const attempt = async (deps: AcknowledgeAlertDeps, request: Request, parsed: Parsed): Promise<Answer | undefined> => {
  const alert = await findAlert(deps, request);
  if (isProblem(alert)) return alert;
  const refused = refuseVersion(alert, parsed);
  if (refused !== undefined) return refused;
  const { userId: by = '' } = request.caller; // staff has one
  const next = acknowledge(alert, { by, at: deps.now().toISOString(), note: parsed.body.note });
  if (!(await deps.alerts.save(next))) return undefined;
  return { status: 200, body: alertView(next), headers: etag(next.version) };
};

/** `PATCH /alerts/{alertId}`: staff has seen to it. */
export const acknowledgeAlertRoute =
  (deps: AcknowledgeAlertDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parse(request);
    if (isProblem(parsed)) return parsed;
    for (let tried = 0; tried < tries; tried += 1) {
      const answer = await attempt(deps, request, parsed);
      if (answer !== undefined) return answer;
    }
    return versionMismatch();
  };
