import { RequestErasureRequest } from '../../contracts/api/privacy-api';
import type { Claim } from '../../kernel/dynamodb/claim';
import { type Answer, isProblem, type ProblemAnswer, refuse } from '../../kernel/http/answer';
import { optionalClaimOf, replayed } from '../../kernel/http/idempotency';
import { parseBody } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import type { Tenant } from '../../kernel/tenant';
import type { OrderSelection, OrdersGateway } from '../services.gateway';
import { type Erasure, newErasure, type Person } from './erasure';
import type { ClaimHolder, ErasureStore } from './erasure.store';
import { erasureView, requestedView } from './erasure-view';

export type RequestErasureDeps = {
  readonly erasures: Pick<ErasureStore, 'request' | 'get' | 'claimedBy'>;
  readonly orders: Pick<OrdersGateway, 'page' | 'prove'>;
  /** Returns whether a tenant has, or had, a user. */
  readonly hasUser: (tenant: Tenant, userId: string) => Promise<boolean>;
  readonly newId: () => string;
  readonly now: () => Date;
};

/** Parses the body, which may be missing. */
export const bodyOf = (request: Request): { body: RequestErasureRequest } | ProblemAnswer =>
  request.body.trim() === '' ? { body: {} } : parseBody(request, RequestErasureRequest);

const forbidden = refuse('Forbidden', 'Your role may ask for your own erasure only.');
const notProved = refuse('OrderNotFound', 'There is no such order of a guest with this address.');

const guestOf = async (
  { orders }: RequestErasureDeps,
  { caller, scope }: Request,
  { orderId, customerEmail }: { readonly orderId: string; readonly customerEmail: string },
): Promise<Person | ProblemAnswer> => {
  if (scope !== 'tenant') return forbidden;
  const contact = await orders.prove(caller.tenant, orderId, customerEmail);
  return contact === undefined ? notProved : { kind: 'guest', contact };
};

const userOf = async (
  { hasUser }: RequestErasureDeps,
  { caller, scope }: Request,
  userId: string,
): Promise<Person | ProblemAnswer> => {
  if (scope !== 'all') return forbidden;
  const isKnown = await hasUser(caller.tenant, userId);
  return isKnown ? { kind: 'user', userId } : refuse('UserNotFound', 'There is no such user.');
};

/** Returns who is to be erased, or a problem when the caller may not ask for that. */
const personOf = async (
  deps: RequestErasureDeps,
  request: Request,
  { orderId, customerEmail, userId }: RequestErasureRequest,
): Promise<Person | ProblemAnswer> => {
  if (orderId !== undefined && customerEmail !== undefined) return guestOf(deps, request, { orderId, customerEmail });
  if (userId !== undefined) return userOf(deps, request, userId);
  const { userId: own } = request.caller;
  if (own === undefined) throw new Error('a guest may not call this route');
  return { kind: 'user', userId: own };
};

const maxPages = 10; // of 50 orders: bounds the request

/** Counts the open orders among the first ones, for the answer. Each pass of the erasure counts them all. */
const countOpen = async ({ orders }: RequestErasureDeps, selection: OrderSelection): Promise<number> => {
  let open = 0;
  let after = selection.after;
  for (let pages = 0; pages < maxPages && (pages === 0 || after !== undefined); pages += 1) {
    const page = await orders.page({ ...selection, after });
    open += page.orders.filter(({ isOpen }) => isOpen).length;
    after = page.next;
  }
  return open;
};

const create = async (deps: RequestErasureDeps, request: Request, person: Person): Promise<Erasure> => {
  const { caller, correlationId, traceparent } = request;
  const { tenant, userId: requestedBy = '' } = caller;
  const now = deps.now();
  const of = person.kind === 'user' ? { userId: person.userId } : { contact: person.contact ?? '' };
  const openAtRequest = await countOpen(deps, { tenant, of, until: now.toISOString() });
  const erasureId = `ERA-${deps.newId()}`;
  return newErasure({ tenant, erasureId, person, requestedBy, openAtRequest, correlationId, traceparent }, now);
};

const created = (erasure: Erasure, headers: Record<string, string> = {}): Answer => ({
  status: 202,
  body: requestedView(erasure),
  headers: { location: `/privacy/erasures/${erasure.erasureId}`, ...headers },
});

const existing = async ({ erasures }: RequestErasureDeps, tenant: Tenant, erasureId: string): Promise<Erasure> => {
  const found = await erasures.get({ tenant, erasureId });
  if (found === undefined) throw new Error(`erasure ${erasureId} is missing`);
  return found;
};

/** Replays the stored result for a used key. Returns 422 when the first request was about somebody else. */
const replay = async (
  deps: RequestErasureDeps,
  tenant: Tenant,
  claim: Claim | undefined,
  holder: ClaimHolder,
): Promise<Answer> =>
  holder.requestHash === claim?.requestHash
    ? created(await existing(deps, tenant, holder.erasureId), replayed)
    : refuse('IdempotencyKeyMismatch', 'This Idempotency-Key was used with another body. Use a new key.');

const store = async (
  deps: RequestErasureDeps,
  request: Request,
  person: Person,
  claim: Claim | undefined,
): Promise<Answer> => {
  const { tenant } = request.caller;
  const erasure = await create(deps, request, person);
  const outcome = await deps.erasures.request(erasure, claim);
  if (outcome === 'stored') return created(erasure);
  if ('claimedBy' in outcome) return replay(deps, tenant, claim, outcome.claimedBy);
  return { status: 200, body: erasureView(await existing(deps, tenant, outcome.active)) };
};

type Parsed = { readonly body: RequestErasureRequest; readonly claim: Claim | undefined };

const parse = (request: Request, now: Date): Parsed | ProblemAnswer => {
  const parsed = bodyOf(request);
  if (isProblem(parsed)) return parsed;
  const { customerEmail: _, ...content } = parsed.body; // no hash of an address is stored
  const claim = optionalClaimOf(request, {
    scope: `${request.caller.userId} POST /privacy/erasures`,
    content,
    now,
    detail: 'The Idempotency-Key header is invalid.',
  });
  return isProblem(claim) ? claim : { body: parsed.body, claim };
};

/**
 * `POST /privacy/erasures`: returns the erasure that has not ended when the person has one. A repeated request is
 * answered before its proof is looked at: an erased order proves nothing.
 */
export const requestErasureRoute =
  (deps: RequestErasureDeps): Route =>
  async (request) => {
    const parsed = parse(request, deps.now());
    if (isProblem(parsed)) return parsed;
    const { body, claim } = parsed;
    const { tenant } = request.caller;
    const holder = claim && (await deps.erasures.claimedBy(tenant, claim.key));
    if (holder !== undefined) return replay(deps, tenant, claim, holder);
    const person = await personOf(deps, request, body);
    return isProblem(person) ? person : store(deps, request, person, claim);
  };
