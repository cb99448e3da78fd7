import * as z from 'zod';
import { defaultTaxRateBps, type Product, type TaxRate } from './product';

/** A row of the catalog, as far as loading products is concerned with it. */
export const CatalogRow = z.looseObject({
  life: z.enum(['active', 'retired', 'deleted']),
  name: z.string(),
  description: z.string().optional(),
  price: z.int(),
  currency: z.string(),
  taxRateBps: z.int(),
  status: z.boolean(),
  categories: z.array(z.string()),
  offSaleBy: z.string().optional(),
  stockVersion: z.int(),
  place: z.string().optional(),
  createdAt: z.string(),
  version: z.int(),
});
export type CatalogRow = z.infer<typeof CatalogRow>;

/** The tax rates of a shop, in basis points. */
export type Rates = { readonly standard: number; readonly reduced: number };

/** Those of a shop that has none of its own. */
export const defaultRates: Rates = { standard: defaultTaxRateBps, reduced: 800 };

export const bpsOf = (rate: TaxRate, rates: Rates): number => (typeof rate === 'number' ? rate : rates[rate]);

export type Loaded = {
  readonly tenant: string;
  readonly product: Product;
  readonly rates: Rates;
  /** The version of its stock: what inventory says of an older one is old news to the catalog. 0 when nothing was said of it. */
  readonly stockVersion: number;
  readonly at: string;
  readonly correlationId: string;
};

/** Whether the product is on sale: as is said, else as it was. What was sold out alone is sold again with new stock. */
const statusOf = ({ status, stock = 0 }: Product, before: CatalogRow | undefined): boolean => {
  if (status !== undefined) return status;
  if (before === undefined) return true;
  return before.status || (before.offSaleBy === 'system' && stock > 0);
};

type Fields = Pick<CatalogRow, 'name' | 'price' | 'currency' | 'taxRateBps' | 'status' | 'description' | 'offSaleBy'>;

/** What is to be said of the product, with what it keeps of before. */
const fieldsOf = ({ product, rates }: Loaded, before: CatalogRow | undefined): Fields => {
  const { name, price, currency, taxRateBps, description = before?.description } = product;
  const status = statusOf(product, before);
  const keptRate = before?.taxRateBps ?? rates.standard;
  const offSaleBy = status === before?.status ? before.offSaleBy : 'staff';
  return {
    ...{ name, price, currency, status },
    taxRateBps: taxRateBps === undefined ? keptRate : bpsOf(taxRateBps, rates),
    ...(description === undefined ? {} : { description }),
    ...(status || offSaleBy === undefined ? {} : { offSaleBy }),
  };
};

const activeOf = (row: CatalogRow | undefined) => (row?.life === 'active' ? row : undefined);

/** Whether the row says all that is to be said. */
export const isRight = (row: CatalogRow, loaded: Loaded): boolean => {
  const { product, stockVersion } = loaded;
  if (row.life !== 'active') return false;
  const wanted = fieldsOf(loaded, row);
  const isSame = Object.entries(wanted).every(([name, value]) => row[name] === value);
  return isSame && (product.stock !== 0 || row.stockVersion >= stockVersion);
};

const placeOf = ({ status, offSaleBy }: Fields, createdAt: string): string => {
  if (status) return `4#${createdAt}`;
  return offSaleBy === 'system' ? `3#${createdAt}` : `2#${createdAt}`;
};

/** The next version of the product's row. */
export const nextRow = (loaded: Loaded, before: CatalogRow | undefined) => {
  const { tenant, product, stockVersion, at, correlationId } = loaded;
  const known = activeOf(before);
  const fresh = { categories: [], images: [], ordered: false, createdAt: at };
  const {
    offSaleBy: _,
    description: __,
    ...kept
  } = known ?? { ...fresh, offSaleBy: undefined, description: undefined };
  const fields = fieldsOf(loaded, known);
  return {
    ...kept,
    ...fields,
    productId: `${tenant}#${product.productId}`,
    life: 'active',
    stockVersion: Math.max(stockVersion, before?.stockVersion ?? 0),
    list: `${tenant}#PRODUCTS`,
    place: placeOf(fields, known?.createdAt ?? at),
    updatedAt: at,
    version: (before?.version ?? 0) + 1,
    fact: { type: known === undefined ? 'ProductCreated' : 'ProductUpdated', correlationId },
  };
};
export type NextRow = ReturnType<typeof nextRow>;
