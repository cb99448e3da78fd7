import { createHash } from 'node:crypto';
import { IdempotencyKey, PlaceOrderRequest } from '../contracts/order-api';
import type { Locale } from '../contracts/order-status';
import type { ProblemName } from '../contracts/problem';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Request } from '../kernel/http';
import { fieldErrors, parseBody } from '../kernel/http-input';
import { count } from '../kernel/metrics';
import type { Tenant } from '../kernel/tenant';
import type { Order, OrderKey, Patience } from './order';
import { refuse } from './order.http';
import type { Claim, ClaimHolder, OrderStore } from './order.store';
import { placedView } from './order-view';
import { type PlaceOrderRefusal, type PlaceOrderRejection, placeOrder, priceOrder } from './place-order';
import type { ProductCopyStore } from './product-copy.store';
import { hashToken, trackingToken } from './tracking';

const refusals = {
  'product-not-found': [404, 'ProductNotFound', 'A product of the order does not exist.'],
  'product-discontinued': [409, 'ProductDiscontinued', 'A product of the order is no longer on sale.'],
  'currency-mismatch': [400, 'ValidationFailed', 'All products of an order must be sold in its currency.'],
  'price-changed': [409, 'PriceChanged', 'A price is not the one in the catalog.'],
  'order-too-large': [400, 'OrderTooLarge', 'The order is larger than one order may be.'],
} as const satisfies Record<PlaceOrderRefusal, readonly [number, ProblemName, string]>;

const claimDays = 7;

export type PlaceOrderDeps = {
  readonly orders: Pick<OrderStore, 'place' | 'get' | 'claimedBy'>;
  readonly products: Pick<ProductCopyStore, 'find'>;
  readonly nextCode: (tenant: Tenant) => Promise<string>;
  readonly trackingSecret: string;
  readonly patience: Patience;
  readonly now: () => Date;
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

const claimOf = (request: Request, body: PlaceOrderRequest, now: Date): Claim | ProblemAnswer | undefined => {
  const given = request.header('idempotency-key');
  if (given === undefined) return undefined;
  const parsed = IdempotencyKey.safeParse(given);
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error.issues, '/headers/Idempotency-Key');
    return { ...refuse(400, 'ValidationFailed', 'The header Idempotency-Key is wrong.'), errors };
  }
  return {
    key: sha256(`guest POST /orders ${parsed.data}`),
    requestHash: sha256(JSON.stringify(body)),
    expiresAt: new Date(now.getTime() + claimDays * 86_400_000),
  };
};

const localeOf = (request: Request): Locale =>
  /^\s*en\b/i.test(request.header('accept-language') ?? '') ? 'en' : 'ja';

const created = (order: Order, token: string, replayed: boolean): Answer => ({
  status: 201,
  body: placedView(order, token),
  headers: { location: `/orders/${order.orderId}`, ...(replayed ? { 'idempotency-replayed': 'true' } : {}) },
});

/** Answers a repeated request with the order that the first one placed. */
const replay = async (deps: PlaceOrderDeps, key: OrderKey): Promise<Answer> => {
  const order = await deps.orders.get(key);
  if (order === undefined) throw new Error(`claimed order ${key.orderId} is missing`);
  return created(order, trackingToken(deps.trackingSecret, key), true);
};

/** Answers a request whose key was used before: as that request was, if it asked the same. */
const answerAgain = async (deps: PlaceOrderDeps, tenant: Tenant, claim: Claim, holder: ClaimHolder): Promise<Answer> =>
  holder.requestHash === claim.requestHash
    ? replay(deps, { tenant, orderId: holder.orderId })
    : refuse(422, 'IdempotencyKeyMismatch', 'This Idempotency-Key was used with another body.');

const inUse: Answer = {
  ...refuse(409, 'IdempotencyKeyInUse', 'A request with this Idempotency-Key is still running. Try again.'),
  headers: { 'retry-after': '1' },
};

const store = async (deps: PlaceOrderDeps, order: Order, claim: Claim | undefined): Promise<Answer> => {
  const outcome = await deps.orders.place(order, claim);
  if (outcome.placed) return created(order, trackingToken(deps.trackingSecret, order), false);
  if (claim === undefined || outcome.claimedBy === 'unknown') return inUse;
  return answerAgain(deps, order.tenant, claim, outcome.claimedBy);
};

type Parsed = { readonly tenant: Tenant; readonly body: PlaceOrderRequest; readonly claim: Claim | undefined };

const parse = (request: Request, now: Date): Parsed | ProblemAnswer => {
  const parsed = parseBody(request, PlaceOrderRequest);
  if (isProblem(parsed)) return parsed;
  const claim = claimOf(request, parsed.body, now);
  return isProblem(claim) ? claim : { tenant: request.caller.tenant, body: parsed.body, claim };
};

/** Refuses what the catalog does not allow, unless it did so when the same request came first. */
const refuseByCatalog = async (deps: PlaceOrderDeps, { tenant, claim }: Parsed, rejection: PlaceOrderRejection) => {
  const holder = claim && (await deps.orders.claimedBy(tenant, claim.key));
  if (claim !== undefined && holder !== undefined) return answerAgain(deps, tenant, claim, holder);
  const [status, problem, detail] = refusals[rejection.refusal];
  return { ...refuse(status, problem, detail), errors: rejection.errors };
};

const answer = async (deps: PlaceOrderDeps, request: Request): Promise<Answer> => {
  const now = deps.now();
  const parsed = parse(request, now);
  if (isProblem(parsed)) return parsed;
  const { tenant, body, claim } = parsed;
  const products = await deps.products.find(
    tenant,
    body.items.map(({ productId }) => productId),
  );
  const priced = priceOrder(body, products);
  if (!priced.accepted) return refuseByCatalog(deps, parsed, priced.reason);
  const orderId = await deps.nextCode(tenant);
  const order = placeOrder(body, priced.fact, {
    tenant,
    orderId,
    now,
    locale: localeOf(request),
    trackingTokenHash: hashToken(trackingToken(deps.trackingSecret, { tenant, orderId })),
    correlationId: request.correlationId,
    traceparent: request.traceparent,
    patience: deps.patience,
  });
  return store(deps, order, claim);
};

/** `POST /orders`. */
export const placeOrderRoute =
  (deps: PlaceOrderDeps) =>
  async (request: Request): Promise<Answer> => {
    const answered = await answer(deps, request);
    count(isProblem(answered) ? 'OrdersRefused' : 'OrdersAccepted', 1);
    return answered;
  };
