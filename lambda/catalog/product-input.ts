import { Amount, maxAmount, minorDigits, toMinor } from '../contracts/money';
import type { FieldError } from '../contracts/problem';
import type { CreateProductRequest, UpdateProductRequest } from '../contracts/product-api';
import type { Selling } from '../kernel/caller';
import { accept, type Decision, reject } from '../kernel/decision';
import type { ProductFields } from './product';

/** Basis points of a tax rate in percent, or of the one that the tenant calls so. */
const bpsOf = (taxRate: number | 'standard' | 'reduced', { standardTaxBps, reducedTaxBps }: Selling): number => {
  if (taxRate === 'standard') return standardTaxBps;
  return taxRate === 'reduced' ? reducedTaxBps : Math.round(taxRate * 100);
};

/** Minor units of a price in major units, or what is wrong with it. */
export const priceIn = (price: number, currency: string): Decision<number, string> => {
  const minor = toMinor(price, currency);
  if (minor === undefined) return reject(`must have at most ${minorDigits(currency)} decimals, as ${currency} has`);
  return Amount.safeParse(minor).success
    ? accept(minor)
    : reject(`must be at most ${maxAmount} minor units of ${currency}`);
};

type Input<Fields> = Decision<Fields, FieldError>;

/** What a new product is to be. What it does not say is as the tenant sells. */
export const fieldsOf = (body: CreateProductRequest, selling: Selling): Input<ProductFields> => {
  const { currency = selling.currency, taxRate = 'standard', categories = [], status = true } = body;
  const price = priceIn(body.price, currency);
  if (!price.accepted) return reject({ pointer: '/price', detail: price.reason });
  const { name, description, rating } = body;
  const taxRateBps = bpsOf(taxRate, selling);
  return accept({ name, description, rating, price: price.fact, currency, taxRateBps, categories, status });
};

const orNothing = <Value>(value: Value | null): Value | undefined => (value === null ? undefined : value);

/** What is to change of a product. */
export const changeOf = (
  body: UpdateProductRequest,
  { currency: currencyNow }: Pick<ProductFields, 'currency'>,
  selling: Selling,
): Input<Partial<ProductFields>> => {
  const { expectedVersion: _, taxRate, price, description, rating, ...same } = body;
  const minor = price === undefined ? undefined : priceIn(price, body.currency ?? currencyNow);
  if (minor?.accepted === false) return reject({ pointer: '/price', detail: minor.reason });
  return accept({
    ...same,
    ...(minor === undefined ? {} : { price: minor.fact }),
    ...(taxRate === undefined ? {} : { taxRateBps: bpsOf(taxRate, selling) }),
    ...(description === undefined ? {} : { description: orNothing(description) }),
    ...(rating === undefined ? {} : { rating: orNothing(rating) }),
  } as Partial<ProductFields>);
};
