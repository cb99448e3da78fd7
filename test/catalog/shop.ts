import { type CatalogDeps, catalogRoutes } from '../../lambda/catalog/catalog-routes.http';
import { categoryStore } from '../../lambda/catalog/categories/category.store';
import type { Uploaded } from '../../lambda/catalog/products/image.gateway';
import type { Product } from '../../lambda/catalog/products/product';
import { productStore } from '../../lambda/catalog/products/product.store';
import type { ImageKey } from '../../lambda/catalog/products/product-image';
import type { Caller } from '../../lambda/kernel/http/caller';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call, type Operation } from '../support/http';
import { aProduct } from '../support/products';
import { onlySecret } from '../support/secrets';

export const staff: Caller = { tenant: defaultTenant, userId: 'user-1', roles: ['staff'] };
export const customer: Caller = { tenant: defaultTenant, userId: 'user-2', roles: ['customer'] };
export const otherStaff: Caller = { tenant: trustedTenant('shop-b'), userId: 'user-3', roles: ['tenant-admin'] };

type Asked = {
  readonly caller?: Caller;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly sourceIp?: string;
};

const json = { 'content-type': 'application/json' };

const isAsSent = (body: unknown): body is string | Uint8Array => typeof body === 'string' || body instanceof Uint8Array;

/** The routes of a catalog over tables in memory. `uploads` are what a browser has sent to the bucket. */
export const openCatalog = () => {
  const { db } = memoryDynamoDb();
  const clock = { now: new Date('2026-11-21T08:00:00.000Z') };
  const uploads = new Map<string, Uploaded>();
  const images = new Set<string>();
  const nameOf = ({ tenant, productId, imageId }: ImageKey) => `${tenant}/${productId}/${imageId}`;
  const deps: CatalogDeps = {
    products: productStore({ products: 'products', categories: 'categories' }, db),
    categories: categoryStore('categories', db),
    images: {
      upload: async (key, contentType) => ({
        url: 'https://images.example.com',
        fields: { key: nameOf(key), 'Content-Type': contentType },
        expiresAt: '2026-11-21T08:10:00.000Z',
      }),
      inspect: async (key) => uploads.get(nameOf(key)),
      publish: async (key, { etag }) => {
        if (uploads.get(nameOf(key))?.etag !== etag) return false;
        images.add(nameOf(key));
        return true;
      },
      remove: async (key) => {
        images.delete(nameOf(key));
      },
      readUrl: async (key) => `https://images.example.com/${nameOf(key)}`,
    },
    cursorSecret: onlySecret('secret'),
    newImageId: () => 'b7e23ec2-9af9-4b4a-8c0e-0d4f4c9d1a11',
    now: () => clock.now,
  };
  const ask = (operation: Operation, asked: Asked = {}) => {
    const routes = catalogRoutes(deps);
    return askRoute(routes, operation, asked);
  };
  const put = (product: Partial<Product>) => deps.products.save({ next: aProduct(product) });
  return { deps, clock, uploads, images, ask, put };
};

/** Sends a request through the edge to one of a catalog's routes, as staff unless it says otherwise. */
export const askRoute = (routes: ReturnType<typeof catalogRoutes>, operation: Operation, asked: Asked = {}) => {
  const { caller = staff, body, headers = json, path = {}, query, sourceIp } = asked;
  const route = routes[operation as keyof typeof routes];
  return call(route, {
    operation,
    caller,
    headers,
    pathParameters: path,
    sourceIp,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body: isAsSent(body) ? body : JSON.stringify(body) }),
  });
};
