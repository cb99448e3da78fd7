import * as z from 'zod';
import { categoryOperations } from './category-api';
import type { OperationContract } from './operation';
import { pageOf } from './page';
import {
  CreateImageRequest,
  CreateProductRequest,
  ImageUpload,
  ImportQuery,
  ImportReport,
  ListProductsQuery,
  ProductView,
  UpdateProductRequest,
} from './product-api';
import type { Operation } from './routes';
import { ProductId } from './text';

const changed = ['PreconditionFailed', 'VersionMismatch'] as const;

const productOperations = {
  createProduct: {
    summary: 'Add a product',
    description: 'Its stock begins with 0. An ID that a deleted product had may be used again.',
    tag: 'Products',
    body: CreateProductRequest,
    answers: { 201: ProductView },
    sends: ['Location'],
    problems: ['ProductExists'],
    etag: true,
  },
  listProducts: {
    summary: 'List products',
    description: 'What is on sale comes first, the newest first of each. Customers see what is on sale or sold out.',
    tag: 'Products',
    query: ListProductsQuery,
    answers: { 200: pageOf(ProductView) },
    problems: [],
  },
  getProduct: {
    summary: 'Read a product',
    tag: 'Products',
    answers: { 200: ProductView },
    problems: ['ProductNotFound'],
    etag: true,
  },
  updateProduct: {
    summary: 'Change a product',
    tag: 'Products',
    body: UpdateProductRequest,
    answers: { 200: ProductView },
    problems: ['ProductNotFound', 'ProductDiscontinued', ...changed],
    etag: true,
  },
  deleteProduct: {
    summary: 'Take a product out of the catalog',
    description:
      'One that nobody has ever ordered is deleted (204). One that was ordered is retired for ever (200): staff see it, ' +
      'nobody can buy it.',
    tag: 'Products',
    answers: { 200: ProductView, 204: null },
    problems: ['ProductNotFound', ...changed],
    etag: true,
  },
  importProducts: {
    summary: 'Import products from a CSV file',
    description:
      'The columns productId, name, price, currency, and as you like taxRate (in percent), description, categories ' +
      '(separated by `;`) and status (TRUE or FALSE), between commas, semicolons or tabs. UTF-8, UTF-16 with a byte order ' +
      'mark, or what `charset` says; another encoding is refused by its name. Known products are changed: an empty cell or ' +
      'a missing column leaves what was there. A new product has the standard tax rate of the shop and is on sale. ' +
      'All rows are imported or none; at most as many as one transaction takes, which the report of a dry run tells.',
    tag: 'Products',
    query: ImportQuery,
    body: { contentType: 'text/csv' },
    answers: { 200: ImportReport },
    problems: ['CatalogBusy'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;

const imageOperations = {
  createProductImage: {
    summary: 'Ask where to upload an image',
    description: 'The upload is refused when its type is another or it is too large. It is forgotten after a day.',
    tag: 'Products',
    body: CreateImageRequest,
    answers: { 201: ImageUpload },
    problems: ['ProductNotFound', 'ProductDiscontinued', 'TooManyImages'],
  },
  attachProductImage: {
    summary: 'Attach an uploaded image to its product',
    description: 'The file must be the image that its type says.',
    tag: 'Products',
    params: z.object({ productId: ProductId, imageId: z.uuid() }),
    answers: { 200: ProductView },
    problems: ['ProductNotFound', 'ProductDiscontinued', 'ImageNotFound', 'ImageRefused', 'TooManyImages', ...changed],
    etag: true,
  },
  deleteProductImage: {
    summary: 'Delete an image of a product',
    tag: 'Products',
    params: z.object({ productId: ProductId, imageId: z.uuid() }),
    answers: { 200: ProductView },
    problems: ['ProductNotFound', 'ProductDiscontinued', 'ImageNotFound', ...changed],
    etag: true,
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;

/** What the operations of the catalog take and answer. */
export const catalogOperations = { ...productOperations, ...imageOperations, ...categoryOperations };
