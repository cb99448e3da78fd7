import { type ImportPlan, planImport } from '../../../lambda/catalog/products/import-products.http';
import {
  applyStock,
  type Product as CatalogProduct,
  type Cause,
  changed,
} from '../../../lambda/catalog/products/product';
import type { ProductStore } from '../../../lambda/catalog/products/product.store';
import type { Selling } from '../../../lambda/contracts/values/selling';
import type { Tenant } from '../../../lambda/kernel/tenant';
import { CommandError } from '../command';
import { type Product, rowOf } from './product';

/** The catalog of one shop, written by the functions that the API's import is written by. */
export type SeededCatalog = {
  readonly products: Pick<ProductStore, 'getMany' | 'save'>;
  readonly tenant: Tenant;
  readonly selling: Selling;
  readonly cause: Cause;
};

/** What is to be loaded: a product, the version of its stock, and the newest version that the order service has. */
export type LoadedProduct = {
  readonly product: Product;
  /** 0 when nothing was said of the stock. */
  readonly stockVersion: number;
  readonly knownVersion: number | undefined;
};

type Known = ReadonlyMap<string, CatalogProduct>;

const planOf = ({ tenant, selling, cause }: SeededCatalog, products: readonly Product[], known: Known): ImportPlan => {
  const rows = new Map(products.map((product, index) => [index + 1, rowOf(product)]));
  const file = { count: rows.size, rows, errors: [], errorCount: 0 };
  return planImport({ tenant, selling }, file, { products: known, categories: new Set() }, cause);
};

const refuse = ({ errors, errorCount }: ImportPlan): void => {
  if (errorCount === 0) return;
  const shown = errors.map(({ column, detail }) => `${column}: ${detail}`);
  const more = errorCount > shown.length ? [`… and ${errorCount - shown.length} more`] : [];
  throw new CommandError(`nothing was written:\n  ${[...shown, ...more].join('\n  ')}`);
};

/** Throws when the catalog refuses one of the products, before any is written. */
export const checkProducts = async (catalog: SeededCatalog, products: readonly Product[]): Promise<void> => {
  const ids = products.map(({ productId }) => productId);
  refuse(planOf(catalog, products, await catalog.products.getMany(catalog.tenant, ids)));
};

type Sale = Pick<CatalogProduct, 'status' | 'offSaleBy' | 'stockVersion'>;

/**
 * The sale as the stock that is loaded with the product makes it, by the catalog's own rule. A status that the file names
 * wins: the stock event that follows is then an old one.
 */
const saleOf = (planned: CatalogProduct, { product, stockVersion }: LoadedProduct, cause: Cause): Sale => {
  const { status, stock } = product;
  if (stock === undefined || stockVersion <= planned.stockVersion) return planned;
  const onSale = status === undefined ? applyStock(planned, { soldOut: stock === 0, stockVersion }, cause) : undefined;
  return { status: (onSale ?? planned).status, offSaleBy: (onSale ?? planned).offSaleBy, stockVersion };
};

/** The product as it is to be; the same as before when there is nothing to write. */
const nextOf = (catalog: SeededCatalog, loaded: LoadedProduct, before: CatalogProduct | undefined): CatalogProduct => {
  const { cause } = catalog;
  const plan = planOf(catalog, [loaded.product], new Map(before && [[before.productId, before]]));
  refuse(plan);
  const planned = plan.changes[0]?.next ?? before;
  if (planned === undefined) throw new Error(`${loaded.product.productId}: the import planned nothing`);
  const { status, offSaleBy, stockVersion } = saleOf(planned, loaded, cause);
  if (planned !== before) return { ...planned, status, offSaleBy, stockVersion };
  const holds = stockVersion === before.stockVersion || loaded.product.stock !== 0;
  if (status === before.status && holds && loaded.knownVersion === before.version) return before;
  return changed(before, { status, offSaleBy, stockVersion }, 'ProductUpdated', cause);
};

const tries = 10;

/**
 * Puts one product into the catalog, whose relay publishes it. One that is as given already is written only
 * when the order service has not received its newest version. Returns its version.
 */
export const loadProduct = async (catalog: SeededCatalog, loaded: LoadedProduct): Promise<number> => {
  const { productId } = loaded.product;
  for (let tried = 1; tried <= tries; tried += 1) {
    const before = (await catalog.products.getMany(catalog.tenant, [productId])).get(productId);
    const next = nextOf(catalog, loaded, before);
    if (next === before || (await catalog.products.save({ before, next })).saved) return next.version;
  }
  throw new CommandError(`${productId} changed ${tries} times while it was being loaded: run this again`);
};
