import type { ProblemName } from '../contracts/api/problem';
import { RequestReturnRequest } from '../contracts/api/return-api';
import { OrderId } from '../contracts/values/text';
import type { Claim } from '../kernel/dynamodb/claim';
import { type Answer, isProblem, type ProblemAnswer, refuse, versionMismatch } from '../kernel/http/answer';
import type { Caller } from '../kernel/http/caller';
import { actorOf } from '../kernel/http/caller';
import { optionalClaimOf, replayed } from '../kernel/http/idempotency';
import { etag, parseBody } from '../kernel/http/input';
import type { Request } from '../kernel/http/route';
import { type Conflict, conflict, retryOnConflict } from '../kernel/retry';
import type { KeyRing } from '../kernel/sealing/key-ring';
import type { Tenant } from '../kernel/tenant';
import { maySee, requestedView } from './read-returns.http';
import { sealReason } from './reason';
import { type RequestRefusal, type RequestRejection, requestReturn } from './request-return';
import type { DeliveredOrder, Return } from './return';
import type { ClaimHolder, ReturnStore } from './return.store';

export type RequestReturnDeps = {
  readonly returns: Pick<ReturnStore, 'order' | 'get' | 'request' | 'claimedBy'>;
  readonly keys: Pick<KeyRing, 'named' | 'open'>;
  /** The number of days after its delivery in which an order may be returned. */
  readonly windowDays: number;
  readonly now: () => Date;
};

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

const created = async (deps: RequestReturnDeps, given: Return, again: boolean): Promise<Answer> => ({
  status: 201,
  body: await requestedView(deps, given),
  headers: {
    ...etag(1),
    location: `/returns/${given.returnId}`,
    ...(again ? replayed : {}),
  },
});

/** Replays the stored result for a used key. Returns 422 when the body differs from the first request's. */
const replayResult = async (
  deps: RequestReturnDeps,
  tenant: Tenant,
  claim: Claim,
  holder: ClaimHolder,
): Promise<Answer> => {
  if (holder.requestHash !== claim.requestHash)
    return refuse(
      'IdempotencyKeyMismatch',
      'This Idempotency-Key was used with another body. Use a new key for a new request.',
    );
  const given = await deps.returns.get(tenant, holder.returnId);
  if (given === undefined) throw new Error(`claimed return ${holder.returnId} is missing`);
  return created(deps, given, true);
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
  const reason = await sealReason(deps.keys, order, body.reason);
  const terms = { now, reason, windowDays, correlationId, traceparent, ...actorOf(request) };
  const decided = requestReturn(order, body, terms);
  if (!decided.accepted) return refused(decided.reason);
  const { requested } = decided.fact;
  const outcome = await returns.request(requested, decided.fact.order, claim);
  if (outcome === 'changed') return conflict;
  if (outcome === 'stored') return created(deps, requested, false);
  return claim === undefined ? conflict : replayResult(deps, order.tenant, claim, outcome.claimedBy);
};

const parse = (request: Request, now: Date): Parsed | ProblemAnswer => {
  const parsed = parseBody(request, RequestReturnRequest);
  if (isProblem(parsed)) return parsed;
  const claim = optionalClaimOf(request, {
    scope: `${request.caller.userId} POST /returns`,
    content: [request.pathParameter('orderId'), parsed.body],
    now,
    detail: 'The Idempotency-Key header is invalid.',
  });
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
    const stored = await replay(deps, request.caller, parsed);
    if (stored !== undefined) return stored;
    return retryOnConflict({ attempts: maxAttempts, onExhausted: () => busy }, () => attempt(deps, request, parsed));
  };
