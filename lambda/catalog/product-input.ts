import { Amount, maxAmount, minorDigits, toMinor } from '../contracts/money';
import type { FieldError } from '../contracts/problem';
import type { CreateProductRequest, UpdateProductRequest } from '../contracts/product-api';
import { accept, type Decision, reject } from '../kernel/decision';
import type { ProductFields } from './product';

/** What a product has that nobody said anything about. */
const defaults = { currency: 'JPY', taxRateBps: 1000, categories: [], status: true } as const;

/** Basis points of a tax rate in percent. */
export const bpsOf = (percent: number): number => Math.round(percent * 100);

/** Minor units of a price in major units, or what is wrong with it. */
export const priceIn = (price: number, currency: string): Decision<number, string> => {
  const minor = toMinor(price, currency);
  if (minor === undefined) return reject(`must have at most ${minorDigits(currency)} decimals, as ${currency} has`);
  return Amount.safeParse(minor).success
    ? accept(minor)
    : reject(`must be at most ${maxAmount} minor units of ${currency}`);
};

type Input<Fields> = Decision<Fields, FieldError>;

/** What a new product is to be. */
export const fieldsOf = (body: CreateProductRequest): Input<ProductFields> => {
  const { currency = defaults.currency, taxRate, categories = defaults.categories, status = defaults.status } = body;
  const price = priceIn(body.price, currency);
  if (!price.accepted) return reject({ pointer: '/price', detail: price.reason });
  const { name, description, rating } = body;
  const taxRateBps = taxRate === undefined ? defaults.taxRateBps : bpsOf(taxRate);
  return accept({ name, description, rating, price: price.fact, currency, taxRateBps, categories, status });
};

const orNothing = <Value>(value: Value | null): Value | undefined => (value === null ? undefined : value);

/** What is to change of a product that is sold in `currencyNow`. */
export const changeOf = (body: UpdateProductRequest, currencyNow: string): Input<Partial<ProductFields>> => {
  const { expectedVersion: _, taxRate, price, description, rating, ...same } = body;
  const minor = price === undefined ? undefined : priceIn(price, body.currency ?? currencyNow);
  if (minor?.accepted === false) return reject({ pointer: '/price', detail: minor.reason });
  return accept({
    ...same,
    ...(minor === undefined ? {} : { price: minor.fact }),
    ...(taxRate === undefined ? {} : { taxRateBps: bpsOf(taxRate) }),
    ...(description === undefined ? {} : { description: orNothing(description) }),
    ...(rating === undefined ? {} : { rating: orNothing(rating) }),
  } as Partial<ProductFields>);
};
