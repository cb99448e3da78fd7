import type { PlaceOrderRequest } from '../../contracts/api/order-api';
import type { FieldError } from '../../contracts/api/problem';
import type { OrderLine } from '../../contracts/events/order-events';
import { maxAmount, taxOf, toMajor, toMinor } from '../../contracts/values/money';
import { methodsFor, refusePayment } from '../../contracts/values/payment-methods';
import type { Payments } from '../../contracts/values/payment-status';
import { accept, type Decision, reject } from '../../kernel/decision';
import { type FactOrigin, type Order, secondsAfter, type Timeouts } from '../domain/order';
import { paymentEntry } from '../domain/order-change';

/** The order service's projection of a catalog product. `price` is in minor units, `taxRateBps` in basis points. */
export type Product = {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly taxRateBps: number;
  readonly onSale: boolean;
};

export type PlaceOrderRefusal =
  | 'payment-method-missing'
  | 'payment-method-unavailable'
  | 'product-not-found'
  | 'product-discontinued'
  | 'price-changed'
  | 'currency-mismatch'
  | 'order-too-large'
  | 'insufficient-stock'
  | 'stock-not-checked';

export type PlaceOrderRejection = { readonly refusal: PlaceOrderRefusal; readonly errors: readonly FieldError[] };

type Products = ReadonlyMap<string, Product>;
type Item = PlaceOrderRequest['items'][number];
type Violation = (item: Item, product: Product | undefined, currency: string) => string | undefined;

type Check = readonly [PlaceOrderRefusal, keyof Item, Violation];

const violations = (request: PlaceOrderRequest, products: Products, [, field, violation]: Check): FieldError[] => {
  const currency = request.currency ?? products.get(request.items[0]?.productId ?? '')?.currency ?? '';
  return request.items.flatMap((item, index) => {
    const detail = violation(item, products.get(item.productId), currency);
    return detail === undefined ? [] : [{ pointer: `/items/${index}/${field}`, detail }];
  });
};

/** The checks of a line. Only the violations of the first failing check are reported. */
const checks: readonly Check[] = [
  [
    'product-not-found',
    'productId',
    ({ productId }, product) => (product ? undefined : `Product ${productId} not found`),
  ],
  [
    'product-discontinued',
    'productId',
    ({ productId }, product) => (product?.onSale ? undefined : `Product ${productId} is no longer on sale`),
  ],
  [
    'currency-mismatch',
    'productId',
    ({ productId }, product, currency) =>
      product?.currency === currency
        ? undefined
        : `Product ${productId} is sold in ${product?.currency}, not ${currency}`,
  ],
  [
    'price-changed',
    'price',
    ({ price }, product) =>
      price === undefined || product === undefined || toMinor(price, product.currency) === product.price
        ? undefined
        : `the price is ${toMajor(product.price, product.currency)} ${product.currency}`,
  ],
];

const toLine = ({ productId, quantity }: Item, product: Product): OrderLine => ({
  productId,
  name: product.name,
  quantity,
  unitPrice: product.price,
  lineTotal: product.price * quantity,
  taxRateBps: product.taxRateBps,
});

const linesOf = ({ items }: PlaceOrderRequest, products: Products): OrderLine[] =>
  items.flatMap((item) => {
    const product = products.get(item.productId);
    return product ? [toLine(item, product)] : [];
  });

/** The prices of an order, in minor units of `currency`. */
export type Priced = Pick<Order, 'currency' | 'lines' | 'subtotal' | 'tax' | 'total'>;

/** Prices an order from the catalog projection. Rejects with an error for each line that fails a check. */
const priceOrder = (request: PlaceOrderRequest, products: Products): Decision<Priced, PlaceOrderRejection> => {
  for (const check of checks) {
    const errors = violations(request, products, check);
    if (errors.length > 0) return reject({ refusal: check[0], errors });
  }
  const lines = linesOf(request, products);
  const subtotal = lines.reduce((sum, { lineTotal }) => sum + lineTotal, 0);
  const tax = taxOf(lines);
  const total = subtotal + tax;
  if (total > maxAmount) {
    return reject({ refusal: 'order-too-large', errors: [{ pointer: '/items', detail: 'the total is too large' }] });
  }
  const currency = products.get(lines[0]?.productId ?? '')?.currency ?? '';
  return accept({ currency, lines, subtotal, tax, total });
};

/** The data of a new order that does not come from the request body. */
export type Placement = Pick<
  Order,
  | 'tenant'
  | 'orderId'
  | 'customerId'
  | 'ownerId'
  | 'customerEmail'
  | 'contact'
  | 'shippingAddress'
  | 'locale'
  | 'trackingTokenHash'
  | 'correlationId'
> & {
  /** Whether the shop takes payment online. */
  readonly payments: Payments;
  readonly now: Date;
  readonly timeouts: Timeouts;
} & Pick<FactOrigin, 'actor' | 'network' | 'traceparent'>;

type Payer = { readonly payments: Payments; readonly isSignedIn: boolean };

const paymentMethodError = ({ paymentMethod }: PlaceOrderRequest, priced: Priced, { payments, isSignedIn }: Payer) => {
  const refused = (refusal: PlaceOrderRefusal, detail: string) =>
    reject({ refusal, errors: [{ pointer: '/paymentMethod', detail }] });
  if (payments === 'offline') return undefined;
  if (paymentMethod === undefined)
    return refused('payment-method-missing', 'is required: this shop takes payment before it confirms an order');
  if (paymentMethod === 'ACCOUNT_BALANCE' && !isSignedIn)
    return refused('payment-method-unavailable', 'ACCOUNT_BALANCE is only for signed-in customers');
  const money = { amount: priced.total, currency: priced.currency };
  const rule = refusePayment(paymentMethod, money);
  if (rule === undefined) return undefined;
  const usable = methodsFor(money).filter((method) => method !== 'ACCOUNT_BALANCE' || isSignedIn);
  const instead = usable.length === 0 ? 'No other method is available' : `Use ${usable.join(', ')}`;
  return refused('payment-method-unavailable', `${rule}. ${instead}.`);
};

/** Prices an order and checks its payment method. Rejects when either is invalid. */
export const quoteOrder = (
  request: PlaceOrderRequest,
  products: Products,
  payer: Payer,
): Decision<Priced, PlaceOrderRejection> => {
  const priced = priceOrder(request, products);
  if (!priced.accepted || priced.fact.total === 0) return priced;
  return paymentMethodError(request, priced.fact, payer) ?? priced;
};

/** Returns the first version of the order. Nothing is reserved or charged yet. */
export const placeOrder = (
  request: Pick<PlaceOrderRequest, 'paymentMethod'>,
  priced: Priced,
  placement: Placement,
): Order => {
  const { now, actor, network, traceparent, timeouts, payments, ...named } = placement;
  const paymentStatus = payments === 'online' && priced.total > 0 ? 'WAITING_PAYMENT' : 'NOT_REQUIRED';
  const at = now.toISOString();
  return {
    paymentMethod: request.paymentMethod,
    ...priced,
    ...named,
    createdAt: at,
    updatedAt: at,
    version: 1,
    status: 'PENDING',
    paymentStatus,
    stockStatus: 'PENDING',
    dueAt: secondsAfter(now, timeouts.answerSeconds),
    fact: { type: 'OrderPlaced', traceparent, actor, network },
    history: [
      {
        at,
        event: 'OrderPlaced',
        status: 'PENDING',
        stockStatus: 'PENDING',
        ...paymentEntry({ paymentStatus }),
        actor,
        network,
      },
    ],
  };
};
