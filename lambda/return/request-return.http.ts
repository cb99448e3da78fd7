import { createHash } from 'node:crypto';
import type { ProblemName } from '../contracts/problem';
import { IdempotencyKey } from '../contracts/request-headers';
import { RequestReturnRequest } from '../contracts/return-api';
import { OrderId } from '../contracts/text';
import type { Caller } from '../kernel/http/caller';
import { actorOf } from '../kernel/http/caller';
import type { Request } from '../kernel/http/http';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/http/http';
import { etag, fieldErrors, parseBody } from '../kernel/http/input';
import { refuse, versionMismatch, wrongFields } from '../kernel/http/refusal';
import { type Conflict, conflict, retryOnConflict } from '../kernel/retry';
import type { Tenant } from '../kernel/tenant';
import { maySee, requestedView } from './read-returns.http';
import { type RequestRefusal, type RequestRejection, requestReturn } from './request-return';
import type { DeliveredOrder, Return } from './return';
import type { Claim, ClaimHolder, ReturnStore } from './return.store';

export type RequestReturnDeps = {
  readonly returns: Pick<ReturnStore, 'order' | 'get' | 'request' | 'claimedBy'>;
  /** The number of days after its delivery in which an order may be returned. */
  readonly windowDays: number;
  readonly now: () => Date;
};

const claimDays = 7;
const maxAttempts = 20; // each loses to another return of the same order

const refusals = {
  'not-in-order': ['ValidationFailed', 'A product is not part of the order.'],
  'more-than-left': ['ReturnQuantityExceeded', 'The quantity is larger than what may still be returned.'],
  'window-closed': ['ReturnWindowClosed', 'The return window of this order has closed.'],
} as const satisfies Record<RequestRefusal, readonly [problem: ProblemName, detail: string]>;

const refused = ({ refusal, errors = [] }: RequestRejection): ProblemAnswer => {
  const [problem, detail] = refusals[refusal];
  return refuse(problem, detail, { errors: errors.length === 0 ? undefined : errors });
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

const claimOf = (request: Request, body: RequestReturnRequest, now: Date): Claim | ProblemAnswer | undefined => {
  const given = request.header('idempotency-key');
  if (given === undefined) return undefined;
  const parsed = IdempotencyKey.safeParse(given);
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error.issues, '/headers/Idempotency-Key');
    return wrongFields(errors, 'The Idempotency-Key header is invalid.');
  }
  return {
    key: sha256(`${request.caller.userId} POST /returns ${parsed.data}`),
    requestHash: sha256(JSON.stringify([request.pathParameter('orderId'), body])),
    expiresAt: new Date(now.getTime() + claimDays * 86_400_000),
  };
};

const created = (given: Return, replayed: boolean): Answer => ({
  status: 201,
  body: requestedView(given),
  headers: {
    ...etag(1),
    location: `/returns/${given.returnId}`,
    ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
  },
});

/** Replays the stored result for a used key. Returns 422 when the body differs from the first request's. */
const replayResult = async (
  { returns }: RequestReturnDeps,
  tenant: Tenant,
  claim: Claim,
  holder: ClaimHolder,
): Promise<Answer> => {
  if (holder.requestHash !== claim.requestHash)
    return refuse(
      'IdempotencyKeyMismatch',
      'This Idempotency-Key was used with another body. Use a new key for a new request.',
    );
  const given = await returns.get(tenant, holder.returnId);
  if (given === undefined) throw new Error(`claimed return ${holder.returnId} is missing`);
  return created(given, true);
};

const findOrder = async ({ returns }: RequestReturnDeps, request: Request): Promise<DeliveredOrder | ProblemAnswer> => {
  const orderId = request.pathParameter('orderId');
  if (!OrderId.safeParse(orderId).success) return refuse('OrderNotFound', 'There is no such order.');
  const order = await returns.order(request.caller.tenant, orderId);
  return order !== undefined && maySee(request, order)
    ? order
    : refuse('OrderNotFound', `There is no delivered order ${orderId}.`);
};

type Parsed = { readonly body: RequestReturnRequest; readonly claim: Claim | undefined; readonly now: Date };

/** Conflicts with another return of the same order. */
const attempt = async (deps: RequestReturnDeps, request: Request, parsed: Parsed): Promise<Answer | Conflict> => {
  const order = await findOrder(deps, request);
  if (isProblem(order)) return order;
  const { windowDays, returns } = deps;
  const { correlationId, traceparent } = request;
  const { body, claim, now } = parsed;
  const terms = { now, windowDays, correlationId, traceparent, ...actorOf(request) };
  const decided = requestReturn(order, body, terms);
  if (!decided.accepted) return refused(decided.reason);
  const { requested } = decided.fact;
  const outcome = await returns.request(requested, decided.fact.order, claim);
  if (outcome === 'changed') return conflict;
  if (outcome === 'stored') return created(requested, false);
  return claim === undefined ? conflict : replayResult(deps, order.tenant, claim, outcome.claimedBy);
};

const parse = (request: Request, now: Date): Parsed | ProblemAnswer => {
  const parsed = parseBody(request, RequestReturnRequest);
  if (isProblem(parsed)) return parsed;
  const claim = claimOf(request, parsed.body, now);
  return isProblem(claim) ? claim : { body: parsed.body, claim, now };
};

/** Replays the stored result of a repeated request. Returns undefined for a new one. */
const replay = async (deps: RequestReturnDeps, { tenant }: Caller, { claim }: Parsed): Promise<Answer | undefined> => {
  const holder = claim && (await deps.returns.claimedBy(tenant, claim.key));
  return claim && holder && replayResult(deps, tenant, claim, holder);
};

const busy = versionMismatch('Another return of this order was stored at the same time. Try again.');

/** `POST /orders/{orderId}/returns`: returns 404 also for an order that is not delivered. */
export const requestReturnRoute =
  (deps: RequestReturnDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parse(request, deps.now());
    if (isProblem(parsed)) return parsed;
    const replayed = await replay(deps, request.caller, parsed);
    if (replayed !== undefined) return replayed;
    return retryOnConflict({ attempts: maxAttempts, onExhausted: () => busy }, () => attempt(deps, request, parsed));
  };
