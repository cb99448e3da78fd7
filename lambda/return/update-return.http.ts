import { UpdateReturnRequest } from '../contracts/api/return-api';
import {
  type Answer,
  isProblem,
  type ProblemAnswer,
  refuse,
  refuseStale,
  versionMismatch,
} from '../kernel/http/answer';
import { actorOf } from '../kernel/http/caller';
import { etag, parseBody, parseIfMatch } from '../kernel/http/input';
import type { Request } from '../kernel/http/route';
import { type Conflict, conflict, retryOnConflict } from '../kernel/retry';
import { findReturn, returnView, type ViewDeps } from './read-returns.http';
import { type Return, type ReturnUpdate, updateReturn } from './return';
import type { ReturnStore } from './return.store';

export type UpdateReturnDeps = ViewDeps & {
  readonly returns: Pick<ReturnStore, 'get' | 'order' | 'save'>;
  readonly now: () => Date;
};

type Parsed = { readonly body: UpdateReturnRequest; readonly ifMatch: number | undefined };

const maxAttempts = 10; // each loses to another writer

const parse = (request: Request): Parsed | ProblemAnswer => {
  const parsed = parseBody(request, UpdateReturnRequest);
  if (isProblem(parsed)) return parsed;
  const matched = parseIfMatch(request);
  return isProblem(matched) ? matched : { body: parsed.body, ifMatch: matched.version };
};

const modified = 'Return was modified, please retry';

const decide = async (deps: UpdateReturnDeps, request: Request, given: Return, { body }: Parsed) => {
  const order = await deps.returns.order(given.tenant, given.orderId);
  if (order === undefined) throw new Error(`order ${given.orderId} of ${given.returnId} is missing`);
  const cause = { at: deps.now(), traceparent: request.traceparent, ...actorOf(request) };
  const decided = updateReturn(given, order, { status: body.status, ...cause });
  if (decided.accepted) return decided.fact;
  const [from, to] = [given.status.toLowerCase(), body.status.toLowerCase()];
  return refuse('InvalidTransition', `Cannot transition from ${from} to ${to}`);
};

const updated = async (deps: UpdateReturnDeps, { next }: ReturnUpdate): Promise<Answer> => ({
  status: 200,
  body: await returnView(deps, next),
  headers: etag(next.version),
});

const attempt = async (deps: UpdateReturnDeps, request: Request, parsed: Parsed): Promise<Answer | Conflict> => {
  const given = await findReturn(deps.returns, request);
  if (isProblem(given)) return given;
  const { body, ifMatch } = parsed;
  const refused = refuseStale({ ifMatch, expected: body.version }, given.version, {
    ifMatch: modified,
    expected: modified,
  });
  if (refused !== undefined) return refused;
  const update = await decide(deps, request, given, parsed);
  if (isProblem(update)) return update;
  return (await deps.returns.save(update.next, update.order)) ? updated(deps, update) : conflict;
};

/** `PATCH /returns/{returnId}`: staff approve, reject or complete a return. */
export const updateReturnRoute =
  (deps: UpdateReturnDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parse(request);
    if (isProblem(parsed)) return parsed;
    return retryOnConflict({ attempts: maxAttempts, onExhausted: () => versionMismatch(modified) }, () =>
      attempt(deps, request, parsed),
    );
  };
