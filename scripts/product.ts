import * as z from 'zod';
import { Amount, Currency, maxAmount, minorDigits, toMinor } from '../lambda/contracts/money';
import { line, ProductId } from '../lambda/contracts/text';

/** A product with its stock, as an operator loads it. `price` is in minor units, `taxRateBps` in basis points. */
export type Product = {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly taxRateBps: number;
  readonly stock: number;
};

export const defaultTaxRateBps = 1000;

/** The products of the seed document. */
export const starterProducts: readonly Product[] = [
  { productId: 'PROD-001', name: 'ノートPC', price: 150_000, stock: 10 },
  { productId: 'PROD-002', name: 'ワイヤレスマウス', price: 3_000, stock: 50 },
  { productId: 'PROD-003', name: 'メカニカルキーボード', price: 12_000, stock: 25 },
  { productId: 'PROD-004', name: '人気商品（在庫切れ）', price: 5_000, stock: 0 },
].map((product) => ({ ...product, currency: 'JPY', taxRateBps: defaultTaxRateBps }));

const maxStock = 1_000_000_000;

const toBps = (percent: number): number | undefined => {
  const bps = Math.round(percent * 100);
  return bps / 100 === percent ? bps : undefined;
};

const TaxRate = z
  .number()
  .min(0)
  .max(100)
  .refine((percent) => percent === 0 || percent >= 1, 'is in percent: 10 means 10 %')
  .refine((percent) => toBps(percent) !== undefined, 'must have at most two decimals');

/** One row of a product file: `price` in major units (59.98), `taxRate` in percent. */
export const ProductRow = z
  .strictObject({
    productId: ProductId,
    name: line(200),
    price: z.number().nonnegative(),
    currency: Currency,
    stock: z.int().min(0).max(maxStock),
    taxRate: TaxRate.optional(),
  })
  .superRefine(({ price, currency }, context) => {
    const minor = toMinor(price, currency);
    const problem = (message: string) => context.addIssue({ code: 'custom', path: ['price'], message });
    if (minor === undefined) problem(`must have at most ${minorDigits(currency)} decimals, as ${currency} has`);
    else if (!Amount.safeParse(minor).success) problem(`must be at most ${maxAmount} minor units of ${currency}`);
  })
  .transform(
    ({ price, taxRate, ...row }): Product => ({
      ...row,
      price: toMinor(price, row.currency) ?? 0,
      taxRateBps: taxRate === undefined ? defaultTaxRateBps : (toBps(taxRate) ?? 0),
    }),
  );
