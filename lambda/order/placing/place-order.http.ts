import { PlaceOrderRequest, QuickOrderQuery } from '../../contracts/api/order-api';
import type { ProblemName } from '../../contracts/api/problem';
import { preferredLanguage } from '../../contracts/values/accept-language';
import type { Locale } from '../../contracts/values/order-status';
import type { Secrets } from '../../kernel/aws/secret';
import type { Claim } from '../../kernel/dynamodb/claim';
import { asError } from '../../kernel/error';
import { type Answer, isProblem, type ProblemAnswer, refuse, wrongFields } from '../../kernel/http/answer';
import { actorOf, isGuest } from '../../kernel/http/caller';
import { replayed } from '../../kernel/http/idempotency';
import { parseBody, parseQuery } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import { hashToken } from '../../kernel/http/token-hash';
import { logger } from '../../kernel/logger';
import { count } from '../../kernel/metrics';
import type { KeyRing } from '../../kernel/sealing/key-ring';
import type { Tenant } from '../../kernel/tenant';
import type { Order, OrderKey, Timeouts } from '../domain/order';
import type { OrderStore } from '../order.store';
import { logPlaced } from '../order-log';
import type { ClaimHolder } from '../order-row';
import { contactOf, openPersonal, type Personal, sealPersonal } from '../personal/personal';
import type { StockGateway } from '../services.gateway';
import type { ProductReadStore } from '../shop/shop.store';
import { created, inUse, isSame, otherBody, type PlacementRequest, placingClaimOf } from './idempotency.http';
import { trackingToken, trackingTokenOf } from './order-number';
import {
  type Placement,
  type PlaceOrderRefusal,
  type PlaceOrderRejection,
  type Priced,
  placeOrder,
  quoteOrder,
} from './place-order';

/** The owner of the new order. */
type Customer = Pick<Placement, 'customerId' | 'ownerId'> & { readonly customerEmail: string };

const wrong = (field: keyof PlaceOrderRequest, detail: string) => wrongFields([{ pointer: `/${field}`, detail }]);

/** Returns the owner: none for a guest, the customer who calls, or the customer whom staff names. */
const ownerOf = ({ caller, scope }: Request, { customerId }: PlaceOrderRequest): Partial<Customer> => {
  if (isGuest(caller)) return { customerId };
  return scope === 'own' ? { customerId: caller.userId, ownerId: caller.userId } : { customerId, ownerId: customerId };
};

/** Returns the customer of a new order from the caller's token and the body, or a problem when they disagree. */
const customerOf = (request: Request, body: PlaceOrderRequest): Customer | ProblemAnswer => {
  const { caller, scope } = request;
  const isCustomer = !isGuest(caller) && scope === 'own';
  if (isCustomer && body.customerId !== undefined && body.customerId !== caller.userId)
    return wrong('customerId', 'must be your own customer ID, or left out');
  const customerEmail = body.customerEmail ?? caller.email;
  if (customerEmail === undefined) return wrong('customerEmail', 'is required unless the token has an e-mail address');
  return { ...ownerOf(request, body), customerEmail };
};

const refusals = {
  'product-not-found': ['ProductNotFound', 'A product of the order does not exist.', 'ProductNotFoundError'],
  'product-discontinued': [
    'ProductDiscontinued',
    'A product of the order is no longer on sale.',
    'ProductDiscontinuedError',
  ],
  'payment-method-missing': ['ValidationFailed', 'The order needs a paymentMethod.'],
  'payment-method-unavailable': ['ValidationFailed', 'This paymentMethod cannot be used for the order.'],
  'currency-mismatch': ['ValidationFailed', 'All products of an order must be sold in its currency.'],
  'price-changed': ['PriceChanged', 'A price differs from the catalog. Read the product again.'],
  'order-too-large': ['OrderTooLarge', 'The total of the order is too large. Split it into several orders.'],
  'insufficient-stock': ['InsufficientStock', 'There is not enough stock for the order.', 'InsufficientStockError'],
  'stock-not-checked': [
    'StockServiceUnavailable',
    'The stock could not be checked and no order was stored. Try again, or without `Prefer: respond-sync`.',
  ],
} as const satisfies Record<PlaceOrderRefusal, readonly [problem: ProblemName, detail: string, error?: string]>;

export type PlaceOrderDeps = {
  readonly orders: Pick<OrderStore, 'place' | 'get' | 'claimedBy'>;
  readonly products: Pick<ProductReadStore, 'find'>;
  readonly stock: StockGateway;
  readonly keys: Pick<KeyRing, 'next' | 'open' | 'hash'>;
  readonly nextCode: (tenant: Tenant) => Promise<string>;
  readonly trackingSecret: Secrets;
  readonly timeouts: Timeouts;
  readonly now: () => Date;
};

type Parsed = PlacementRequest & {
  readonly request: Request;
  readonly tenant: Tenant;
  readonly customer: Customer;
  readonly claim: Claim | undefined;
  readonly now: Date;
};

const parse = (request: Request, wanted: PlacementRequest, now: Date): Parsed | ProblemAnswer => {
  const customer = customerOf(request, wanted.body);
  if (isProblem(customer)) return customer;
  const claim = placingClaimOf(request, wanted, now);
  return isProblem(claim) ? claim : { ...wanted, request, tenant: request.caller.tenant, customer, claim, now };
};

const localeOf = (request: Request): Locale => preferredLanguage(request.header('accept-language'), ['ja', 'en']);

/** Replays the response of the request that placed the order. */
const replay = async (deps: PlaceOrderDeps, key: OrderKey): Promise<Answer> => {
  const order = await deps.orders.get(key);
  if (order === undefined) throw new Error(`claimed order ${key.orderId} is missing`);
  const personal = await openPersonal(deps.keys, order);
  return created(order, personal, trackingTokenOf(deps.trackingSecret, order), replayed);
};

/** Replays the stored result for a used key. Returns 422 when the body differs from the first request's. */
const replayResult = async (
  deps: PlaceOrderDeps,
  tenant: Tenant,
  claim: Claim,
  holder: ClaimHolder,
): Promise<Answer> => (isSame(claim, holder) ? replay(deps, { tenant, orderId: holder.orderId }) : otherBody);

/** A new order, and who it is for. */
type New = { readonly order: Order; readonly personal: Personal };

const store = async (deps: PlaceOrderDeps, { order, personal }: New, claim: Claim | undefined): Promise<Answer> => {
  const outcome = await deps.orders.place(order, claim);
  if (!outcome.placed) {
    if (claim === undefined || outcome.claimedBy === 'unknown') return inUse;
    return replayResult(deps, order.tenant, claim, outcome.claimedBy);
  }
  logPlaced(order);
  return created(order, personal, trackingTokenOf(deps.trackingSecret, order));
};

/** Returns the refusal of the catalog or the stock, or the stored result when the same request was accepted before. */
const refuseNew = async (deps: PlaceOrderDeps, { tenant, claim }: Parsed, rejection: PlaceOrderRejection) => {
  const holder = claim && (await deps.orders.claimedBy(tenant, claim.key));
  if (claim !== undefined && holder !== undefined) return replayResult(deps, tenant, claim, holder);
  const { refusal, errors } = rejection;
  const [problem, detail, error] = refusals[refusal];
  return refuse(problem, detail, { members: { error }, errors: errors.length === 0 ? undefined : errors });
};

const newOrder = async (deps: PlaceOrderDeps, parsed: Parsed, priced: Priced): Promise<New> => {
  const { request, tenant, customer, body, now } = parsed;
  const { customerEmail, ...owner } = customer;
  const [orderId, key, contact] = await Promise.all([
    deps.nextCode(tenant),
    deps.keys.next(tenant),
    owner.ownerId === undefined ? contactOf(deps.keys, tenant, customerEmail) : undefined,
  ]);
  const personal = { customerEmail, shippingAddress: body.shippingAddress };
  const order = placeOrder(body, priced, {
    tenant,
    orderId,
    ...owner,
    ...sealPersonal(key, { tenant, orderId }, personal),
    contact,
    ...actorOf(request),
    payments: request.caller.payments ?? 'offline',
    now,
    locale: localeOf(request),
    trackingTokenHash: hashToken(trackingToken(deps.trackingSecret, { tenant, orderId })),
    correlationId: request.correlationId,
    traceparent: request.traceparent,
    timeouts: deps.timeouts,
  });
  return { order, personal };
};

const prefersSync = (request: Request): boolean =>
  (request.header('prefer') ?? '').split(',').some((preference) => preference.trim().toLowerCase() === 'respond-sync');

type Checked = { readonly applied: boolean; readonly rejection?: PlaceOrderRejection | undefined };

/**
 * Checks the stock if the caller prefers that. An inventory failure refuses the order; it is never placed unchecked.
 */
const checkStock = async (
  { stock }: PlaceOrderDeps,
  { request, tenant }: Parsed,
  { lines }: Priced,
): Promise<Checked> => {
  if (!prefersSync(request)) return { applied: false };
  try {
    return { applied: true, rejection: await stock.shortOf(tenant, lines) };
  } catch (thrown) {
    logger.error('stock check failed; the order was refused', {
      correlationId: request.correlationId,
      error: asError(thrown),
    });
    return { applied: false, rejection: { refusal: 'stock-not-checked', errors: [] } };
  }
};

const place = async (deps: PlaceOrderDeps, parsed: Parsed): Promise<Answer> => {
  const { tenant, body, claim } = parsed;
  const products = await deps.products.find(
    tenant,
    body.items.map(({ productId }) => productId),
  );
  const { caller } = parsed.request;
  const payer = { payments: caller.payments ?? 'offline', isSignedIn: parsed.customer.ownerId !== undefined };
  const priced = quoteOrder(body, products, payer);
  if (!priced.accepted) return refuseNew(deps, parsed, priced.reason);
  const { applied, rejection } = await checkStock(deps, parsed, priced.fact);
  const answer =
    rejection === undefined
      ? await store(deps, await newOrder(deps, parsed, priced.fact), claim)
      : await refuseNew(deps, parsed, rejection);
  const preference: Record<string, string> = applied ? { 'preference-applied': 'respond-sync' } : {};
  return { ...answer, headers: { ...answer.headers, ...preference } };
};

type ReadRequest = (request: Request) => PlacementRequest | ProblemAnswer;

const placing =
  (deps: PlaceOrderDeps, read: ReadRequest): Route =>
  async (request) => {
    const wanted = read(request);
    const parsed = isProblem(wanted) ? wanted : parse(request, wanted, deps.now());
    const answer = isProblem(parsed) ? parsed : await place(deps, parsed);
    count(isProblem(answer) ? 'OrdersRefused' : 'OrdersAccepted', 1);
    return answer;
  };

/** `POST /orders`. */
export const placeOrderRoute = (deps: PlaceOrderDeps): Route =>
  placing(deps, (request) => {
    const parsed = parseBody(request, PlaceOrderRequest);
    return isProblem(parsed) ? parsed : { route: 'POST /orders', body: parsed.body };
  });

/** `POST /order?product_id=…&quantity=…`: orders one product for the signed-in caller. */
export const quickOrderRoute = (deps: PlaceOrderDeps): Route =>
  placing(deps, (request) => {
    const parsed = parseQuery(request, QuickOrderQuery);
    if (isProblem(parsed)) return parsed;
    const { product_id: productId, quantity, payment_method: paymentMethod } = parsed.query;
    const body = { customerId: request.caller.userId, items: [{ productId, quantity }], paymentMethod };
    return { route: 'POST /order', body };
  });
