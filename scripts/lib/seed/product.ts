import type { ProductRow } from '../../../lambda/contracts/files/product-file';
import { toMajor, toMinor } from '../../../lambda/contracts/values/money';

/** A rate in basis points, or the one that the shop calls so. */
export type TaxRate = number | 'standard' | 'reduced';

/**
 * A product with its stock, as an operator loads it. `price` is in minor units. What is missing stays as it is; a new
 * product then has the shop's standard tax rate, is on sale, and has no stock.
 */
export type Product = {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly taxRateBps?: TaxRate | undefined;
  readonly description?: string | undefined;
  readonly status?: boolean | undefined;
  readonly stock?: number | undefined;
};

/** A product of which all is said. */
export type WholeProduct = Product & { readonly taxRateBps: number; readonly status: boolean; readonly stock: number };

export const defaultTaxRateBps = 1000;

// never in stock, and still on sale: an order of it is accepted, which shows what becomes of one that cannot be served
const outOfStock = '在庫切れの見本です。ご注文は受け付け、入荷をお待ちいただきます。';

/** The products of the seed document. */
export const starterProducts: readonly WholeProduct[] = [
  { productId: 'PROD-001', name: 'ノートPC', price: 150_000, stock: 10 },
  { productId: 'PROD-002', name: 'ワイヤレスマウス', price: 3_000, stock: 50 },
  { productId: 'PROD-003', name: 'メカニカルキーボード', price: 12_000, stock: 25 },
  { productId: 'PROD-004', name: '人気商品（在庫切れ）', price: 5_000, stock: 0, description: outOfStock },
].map((product) => ({ ...product, currency: 'JPY', taxRateBps: defaultTaxRateBps, status: true }));

const toBps = (taxRate: ProductRow['taxRate']): TaxRate | undefined =>
  typeof taxRate === 'number' ? Math.round(taxRate * 100) : taxRate;

const toPercent = (rate: TaxRate | undefined): ProductRow['taxRate'] => (typeof rate === 'number' ? rate / 100 : rate);

/** The row of a product, as the catalog's import takes it; the opposite of `productOf`. */
export const rowOf = ({ price, taxRateBps, description, status, stock: _, ...product }: Product): ProductRow => ({
  ...product,
  price: toMajor(price, product.currency),
  ...(taxRateBps === undefined ? {} : { taxRate: toPercent(taxRateBps) }),
  ...(description === undefined ? {} : { description }),
  ...(status === undefined ? {} : { status }),
});

/** The product of a row that the contract of product files has accepted. */
export const productOf = ({ price, taxRate, categories: _, ...row }: ProductRow): Product => {
  const taxRateBps = toBps(taxRate);
  const minor = toMinor(price, row.currency) ?? 0;
  return { ...row, price: minor, ...(taxRateBps === undefined ? {} : { taxRateBps }) };
};
