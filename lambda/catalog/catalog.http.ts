import * as z from 'zod';
import type { ProductView } from '../contracts/api/product-api';
import { CategoryId } from '../contracts/events/catalog-events';
import { toMajor } from '../contracts/values/money';
import { ProductId } from '../contracts/values/text';
import { type ExpectedVersions, isProblem, type ProblemAnswer, refuse, refuseStale } from '../kernel/http/answer';
import { actorOf } from '../kernel/http/caller';
import { parseIfMatch } from '../kernel/http/input';
import type { Request } from '../kernel/http/route';
import type { CategoryKey } from './categories/category.store';
import type { ImageGateway } from './products/image.gateway';
import { availabilityOf, type Cause, type Product, type ProductKey } from './products/product';

export const productNotFound = (productId: string): ProblemAnswer =>
  refuse('ProductNotFound', `Product ${productId} not found`, { members: { error: 'ProductNotFoundError' } });

export const productRetired = ({ productId }: ProductKey): ProblemAnswer =>
  refuse('ProductDiscontinued', `Product ${productId} is discontinued`, {
    members: { error: 'ProductDiscontinuedError' },
  });

export const categoryNotFound = (categoryId: string): ProblemAnswer =>
  refuse('CategoryNotFound', `Category ${categoryId} not found`);

const noId = '?'; // an invalid ID may be anything, even an e-mail address, so it is not echoed

/** Returns the key of the product in the path. An invalid ID is an unknown product. */
export const productKeyOf = (request: Request): ProductKey | ProblemAnswer => {
  const productId = request.pathParameter('productId');
  if (!ProductId.safeParse(productId).success) return productNotFound(noId);
  return { tenant: request.caller.tenant, productId };
};

/** Returns the key of the category in the path. An invalid ID is an unknown category. */
export const categoryKeyOf = (request: Request): CategoryKey | ProblemAnswer => {
  const categoryId = request.pathParameter('categoryId');
  if (!CategoryId.safeParse(categoryId).success) return categoryNotFound(noId);
  return { tenant: request.caller.tenant, categoryId };
};

/** Whether the product exists. A deleted one counts as unknown. */
export const isExisting = (product: Product | undefined): product is Product =>
  product !== undefined && product.life !== 'deleted';

/** Whether the caller is staff, who see every product. Customers see those on sale or sold out. */
export const isStaff = ({ caller }: Request): boolean =>
  caller.roles.includes('staff') || caller.roles.includes('tenant-admin');

export const isForCustomers = (product: Product): boolean => ['on-sale', 'sold-out'].includes(availabilityOf(product));

export const causeOf = (request: Request, now: Date): Cause => ({
  at: now.toISOString(),
  correlationId: request.correlationId,
  traceparent: request.traceparent,
  ...actorOf(request),
});

export const expectedVersions = (request: Request, expected?: number): ExpectedVersions | ProblemAnswer => {
  const given = parseIfMatch(request);
  return isProblem(given) ? given : { ifMatch: given.version, expected };
};

/** Returns a problem when the caller expects another version than the current one. */
export const refuseVersion = (versions: ExpectedVersions, version: number): ProblemAnswer | undefined =>
  refuseStale(versions, version, {
    ifMatch: `The resource has version ${version}, not the one that If-Match names. Read it again and retry.`,
    expected: `Expected version ${versions.expected}, but it is ${version}.`,
  });

/** The key of a page of products or categories: the one of the index. */
export const IndexKey = z.record(z.string(), z.string());

/** The problem after too many concurrent changes. */
export const busy = refuse('CatalogBusy', 'Another request changed the same data at the same time. Try again.', {
  headers: { 'retry-after': '1' },
});

export type ViewDeps = { readonly images: Pick<ImageGateway, 'readUrl'> };

/** Returns the product as the API shows it. */
export const productView = async ({ images }: ViewDeps, product: Product): Promise<ProductView> => {
  const { tenant, productId, name, description, price, currency, rating, status, version } = product;
  return {
    productId,
    sku: productId,
    name,
    description,
    price: toMajor(price, currency),
    currency,
    taxRate: product.taxRateBps / 100,
    categories: [...product.categories],
    images: await Promise.all(
      product.images.map(async ({ imageId, contentType, bytes }) => ({
        imageId,
        url: await images.readUrl({ tenant, productId, imageId }),
        contentType,
        bytes,
      })),
    ),
    rating,
    status,
    availability: availabilityOf(product),
    version,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
  };
};
