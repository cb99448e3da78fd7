import { type Availability, ListProductsQuery } from '../../contracts/api/product-api';
import type { Secrets } from '../../kernel/aws/secret';
import { type Answer, isProblem } from '../../kernel/http/answer';
import { etag, parseQuery } from '../../kernel/http/input';
import { answerPage, type PageAfter, type PageKey } from '../../kernel/http/list-page';
import type { Request } from '../../kernel/http/route';
import { ttlCache } from '../../kernel/ttl-cache';
import {
  IndexKey,
  isExisting,
  isForCustomers,
  isStaff,
  productKeyOf,
  productNotFound,
  productView,
  type ViewDeps,
} from '../catalog.http';
import type { Product, ProductKey } from './product';
import type { ProductList, ProductStore } from './product.store';

export type ReadProductsDeps = ViewDeps & {
  readonly products: Pick<ProductStore, 'get' | 'getMany' | 'list'>;
  readonly cursorSecret: Secrets;
  readonly now: () => Date;
};

type Page = { readonly products: readonly Product[]; readonly next?: PageKey | undefined };

/** Customers see a change within ten seconds. Staff always read the current state. */
const cacheLimits = { ageMs: 10_000, entries: 1000 };

const isVisible = (request: Request, product: Product | undefined): product is Product =>
  isExisting(product) && (isStaff(request) || isForCustomers(product));

const matchesTag = (request: Request, tag: string) =>
  (request.header('if-none-match') ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === tag);

/** `GET /products/{productId}`. Returns the same 404 for an unknown, a foreign and an invisible product. */
export const getProductRoute = (deps: ReadProductsDeps) => {
  const cache = ttlCache<Product>(cacheLimits, () => deps.now().getTime());
  const read = (request: Request, key: ProductKey) => {
    const get = () => deps.products.get(key);
    return isStaff(request) ? get() : cache.read(`${key.tenant}#${key.productId}`, get);
  };

  return async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const product = await read(request, key);
    if (!isVisible(request, product)) return productNotFound(key.productId);
    const headers = etag(product.version);
    // image URLs expire, so a product with images is sent again each time
    if (product.images.length === 0 && matchesTag(request, headers.etag)) return { status: 304, headers };
    return { status: 200, body: await productView(deps, product), headers };
  };
};

type Span = readonly [from: Availability, to: Availability];

const spans: Readonly<Record<NonNullable<ListProductsQuery['status']>, Span>> = {
  true: ['on-sale', 'on-sale'],
  false: ['retired', 'sold-out'],
  'on-sale': ['on-sale', 'on-sale'],
  'sold-out': ['sold-out', 'sold-out'],
  'off-sale': ['off-sale', 'off-sale'],
  retired: ['retired', 'retired'],
};

/** Returns the range of availabilities that the caller may see, or undefined when there is none. */
const spanOf = (request: Request, { status }: ListProductsQuery): Span | undefined => {
  if (isStaff(request)) return status === undefined ? ['retired', 'on-sale'] : spans[status];
  if (status === undefined) return ['sold-out', 'on-sale'];
  if (status === 'off-sale' || status === 'retired') return undefined;
  return status === 'false' ? spans['sold-out'] : spans[status];
};

type Listed = { readonly limit: number; readonly start?: PageKey | undefined };

const readPage = async ({ products }: ReadProductsDeps, list: ProductList, page: Listed): Promise<Page> => {
  const { productIds, next } = await products.list(list, page);
  const found = await products.getMany(list.tenant, productIds);
  return { products: productIds.flatMap((productId) => found.get(productId) ?? []), next };
};

/** `GET /products`. */
export const listProductsRoute = (deps: ReadProductsDeps) => {
  const cache = ttlCache<Page>({ ...cacheLimits, entries: 200 }, () => deps.now().getTime());
  const read = (request: Request, list: ProductList, page: Listed) => {
    const get = () => readPage(deps, list, page);
    return isStaff(request) ? get() : cache.read(JSON.stringify([list, page]), get);
  };

  return async (request: Request): Promise<Answer> => {
    const parsed = parseQuery(request, ListProductsQuery);
    if (isProblem(parsed)) return parsed;
    const { category } = parsed.query;
    const span = spanOf(request, parsed.query);
    if (span === undefined) return { status: 200, body: { items: [] } };
    const { tenant } = request.caller;
    const wanted = { tenant, category, from: span[0], to: span[1] };
    const scope = { tenant, list: `products ${category ?? ''} ${span.join(' ')}` };
    const readVisible = async ({ limit, after }: PageAfter<PageKey>) => {
      const { products, next } = await read(request, wanted, { limit, start: after });
      return { items: products.filter((product) => isVisible(request, product)), next }; // the list lags behind
    };
    const list = { secret: deps.cursorSecret, scope, key: IndexKey };
    return answerPage(parsed.query, list, readVisible, (product) => productView(deps, product));
  };
};
