import type { CatalogEvent } from '../../contracts/catalog-events';
import type { Availability, ImageType } from '../../contracts/product-api';
import { accept, type Decision, reject } from '../../kernel/decision';
import type { Origin } from '../../kernel/http/caller';
import type { Tenant } from '../../kernel/tenant';

export type ProductImage = { readonly imageId: string; readonly contentType: ImageType; readonly bytes: number };

/** What staff say of a product. `price` is in minor units of `currency`, `taxRateBps` in basis points. */
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

/** What makes a change, and when: it goes into the event that comes of it. */
export type Cause = {
  readonly at: string;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
} & Origin;

/** The thing that just happened to a product. The last two are for nobody else. */
export type ProductFact = {
  readonly type: 'ProductCreated' | 'ProductUpdated' | 'ProductDiscontinued' | 'ProductOrdered' | 'StockHeard';
} & Omit<Cause, 'at'>;

/**
 * A product as the catalog keeps it. One that is `retired` is never sold again; one that is `deleted` is as good as gone:
 * its row stays so that its versions go on when the ID is used again.
 */
export type Product = ProductFields & {
  readonly tenant: Tenant;
  readonly productId: string;
  readonly life: 'active' | 'retired' | 'deleted';
  /** Who took it off sale; missing while it is on sale. */
  readonly offSaleBy?: 'system' | 'staff' | undefined;
  readonly images: readonly ProductImage[];
  /** Whether anybody has ever ordered it. */
  readonly ordered: boolean;
  /** The version of the stock that was heard of last: what is not newer is old news. */
  readonly stockVersion: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly fact: ProductFact;
};

/** What names one product in the whole system. */
export type ProductKey = Pick<Product, 'tenant' | 'productId'>;

export const availabilityOf = ({ life, status, offSaleBy }: Product): Availability => {
  if (life !== 'active') return 'retired';
  if (status) return 'on-sale';
  return offSaleBy === 'system' ? 'sold-out' : 'off-sale';
};

type Change = Partial<Omit<Product, 'tenant' | 'productId' | 'version' | 'updatedAt' | 'fact'>>;

/** The next version of a product, with what happened to it. */
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

/** Makes a product. An ID is free when nobody has it, or whoever had it was deleted: its versions go on. */
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

/** Changes what staff may say of a product. What is the same already is no change: the answer is the product itself. */
export const updateProduct = (
  product: Product,
  change: Partial<ProductFields>,
  cause: Cause,
): Decision<Product, 'retired'> => {
  if (product.life !== 'active') return reject('retired');
  const wanted = { ...change, ...(change.status === undefined ? {} : saleOf(change.status)) };
  const differs = Object.entries(wanted).some(([name, value]) => !isSame(product[name as keyof Product], value));
  return accept(differs ? changed(product, wanted, 'ProductUpdated', cause) : product);
};

/** Takes a product out of the catalog: one that was ever ordered is retired for ever, any other is deleted. */
export const removeProduct = (product: Product, cause: Cause): Product => {
  if (product.life !== 'active') return product;
  const life = product.ordered ? 'retired' : 'deleted';
  const gone = { life, status: false, offSaleBy: 'staff', categories: [] } as const;
  return changed(product, gone, 'ProductDiscontinued', cause);
};

/** Notes that somebody has ordered it. One that was deleted while the order was under way is retired after all. */
export const noteOrdered = (product: Product, cause: Cause): Product | undefined => {
  if (product.ordered) return undefined;
  const life = product.life === 'deleted' ? 'retired' : product.life;
  return changed(product, { ordered: true, life }, 'ProductOrdered', cause);
};

/** What inventory says of a product's stock. */
export type StockNews = { readonly soldOut: boolean; readonly stockVersion: number };

/**
 * Nothing available: off sale, by the system. Something available: on sale again, if it was the system that took it off.
 * Nothing when the news is old: whatever the order in which news come, the newest decides.
 */
export const applyStock = (
  product: Product,
  { soldOut, stockVersion }: StockNews,
  cause: Cause,
): Product | undefined => {
  if (product.life !== 'active' || stockVersion <= product.stockVersion) return undefined;
  if (soldOut && product.status)
    return changed(product, { stockVersion, status: false, offSaleBy: 'system' }, 'ProductUpdated', cause);
  if (!soldOut && product.offSaleBy === 'system')
    return changed(product, { stockVersion, status: true, offSaleBy: undefined }, 'ProductUpdated', cause);
  return changed(product, { stockVersion }, 'StockHeard', cause);
};

/** The event that a product's newest fact stands for; nothing when it is not for others. Always the same for the same version. */
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
