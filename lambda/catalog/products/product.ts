import type { Availability, ImageType } from '../../contracts/api/product-api';
import type { CatalogEvent } from '../../contracts/events/catalog-events';
import { accept, type Decision, reject } from '../../kernel/decision';
import type { Origin } from '../../kernel/http/caller';
import type { Tenant } from '../../kernel/tenant';

export type ProductImage = { readonly imageId: string; readonly contentType: ImageType; readonly bytes: number };

/** The fields that staff edits. `price` is in minor units of `currency`, `taxRateBps` in basis points. */
export type ProductFields = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly price: number;
  readonly currency: string;
  readonly taxRateBps: number;
  readonly categories: readonly string[];
  readonly rating?: number | undefined;
  readonly status: boolean;
};

/** The origin and time of a change. The product's event passes them on. */
export type Cause = {
  readonly at: string;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
} & Origin;

/** The newest change of a product. The last two types are internal and publish no event. */
export type ProductFact = {
  readonly type: 'ProductCreated' | 'ProductUpdated' | 'ProductDiscontinued' | 'ProductOrdered' | 'StockHeard';
} & Omit<Cause, 'at'>;

/**
 * A product of the catalog. A `retired` one is never sold again. A `deleted` one counts as unknown: its row only stays
 * so that the versions continue when the ID is used again.
 */
export type Product = ProductFields & {
  readonly tenant: Tenant;
  readonly productId: string;
  readonly life: 'active' | 'retired' | 'deleted';
  /** Who took it off sale. Missing while it is on sale. */
  readonly offSaleBy?: 'system' | 'staff' | undefined;
  readonly images: readonly ProductImage[];
  /** Whether it was ever ordered. */
  readonly ordered: boolean;
  /** The newest stock version that was applied. Older stock events are ignored. */
  readonly stockVersion: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly fact: ProductFact;
};

/** The key of one product in the whole system. */
export type ProductKey = Pick<Product, 'tenant' | 'productId'>;

export const availabilityOf = ({ life, status, offSaleBy }: Product): Availability => {
  if (life !== 'active') return 'retired';
  if (status) return 'on-sale';
  return offSaleBy === 'system' ? 'sold-out' : 'off-sale';
};

type Change = Partial<Omit<Product, 'tenant' | 'productId' | 'version' | 'updatedAt' | 'fact'>>;

/** Returns the next version of a product with its fact. */
export const changed = (
  product: Product,
  change: Change,
  type: ProductFact['type'],
  { at, ...cause }: Cause,
): Product => ({
  ...product,
  ...change,
  version: product.version + 1,
  updatedAt: at,
  fact: { type, ...cause },
});

const saleOf = (status: boolean): Pick<Product, 'status' | 'offSaleBy'> => ({
  status,
  offSaleBy: status ? undefined : 'staff',
});

/** Creates a product. The ID of a deleted product may be used again, and its versions continue. */
export const createProduct = (
  key: ProductKey,
  before: Product | undefined,
  fields: ProductFields,
  { at, ...cause }: Cause,
): Decision<Product, 'product-exists'> => {
  if (before !== undefined && before.life !== 'deleted') return reject('product-exists');
  return accept({
    ...key,
    ...fields,
    ...saleOf(fields.status),
    life: 'active',
    images: [],
    ordered: false,
    stockVersion: before?.stockVersion ?? 0,
    createdAt: at,
    updatedAt: at,
    version: (before?.version ?? 0) + 1,
    fact: { type: 'ProductCreated', ...cause },
  });
};

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Changes fields of a product. Returns the same object when nothing differs. */
export const updateProduct = (
  product: Product,
  change: Partial<ProductFields>,
  cause: Cause,
): Decision<Product, 'retired'> => {
  if (product.life !== 'active') return reject('retired');
  const fields = { ...change, ...(change.status === undefined ? {} : saleOf(change.status)) };
  const differs = Object.entries(fields).some(([name, value]) => !isSame(product[name as keyof Product], value));
  return accept(differs ? changed(product, fields, 'ProductUpdated', cause) : product);
};

/** Removes a product from the catalog: retires it when it was ever ordered, otherwise deletes it. */
export const removeProduct = (product: Product, cause: Cause): Product => {
  if (product.life !== 'active') return product;
  const life = product.ordered ? 'retired' : 'deleted';
  const removed = { life, status: false, offSaleBy: 'staff', categories: [] } as const;
  return changed(product, removed, 'ProductDiscontinued', cause);
};

/** Marks a product as ordered. One that was deleted before the order's event arrived becomes retired. */
export const markOrdered = (product: Product, cause: Cause): Product | undefined => {
  if (product.ordered) return undefined;
  const life = product.life === 'deleted' ? 'retired' : product.life;
  return changed(product, { ordered: true, life }, 'ProductOrdered', cause);
};

/** Whether a product is sold out as of a version of its stock. */
export type StockLevel = { readonly soldOut: boolean; readonly stockVersion: number };

/**
 * Takes a sold-out product off sale, and puts a restocked one on sale again if the system took it off. Returns
 * undefined for an old stock version, so that events may arrive in any order.
 */
export const applyStock = (
  product: Product,
  { soldOut, stockVersion }: StockLevel,
  cause: Cause,
): Product | undefined => {
  if (product.life !== 'active' || stockVersion <= product.stockVersion) return undefined;
  if (soldOut && product.status)
    return changed(product, { stockVersion, status: false, offSaleBy: 'system' }, 'ProductUpdated', cause);
  if (!soldOut && product.offSaleBy === 'system')
    return changed(product, { stockVersion, status: true, offSaleBy: undefined }, 'ProductUpdated', cause);
  return changed(product, { stockVersion }, 'StockHeard', cause);
};

/**
 * Returns the event of a product's newest fact, or undefined when it is internal. The same version gives the same
 * event.
 */
export const catalogEvent = (product: Product): CatalogEvent | undefined => {
  const { tenant, productId, version, name, price, currency, taxRateBps, status, categories, fact } = product;
  const { type, correlationId, causationId, traceparent, actor, network } = fact;
  if (type === 'ProductOrdered' || type === 'StockHeard') return undefined;
  return {
    specversion: '1.0',
    id: `${tenant}/${productId}:${version}`,
    source: '/products',
    type: `${type}.v1`,
    subject: productId,
    time: product.updatedAt,
    datacontenttype: 'application/json',
    tenantid: tenant,
    correlationid: correlationId,
    causationid: causationId,
    traceparent,
    actor,
    network,
    data: { productId, version, name, price, currency, taxRateBps, status, categories: [...categories] },
  };
};
