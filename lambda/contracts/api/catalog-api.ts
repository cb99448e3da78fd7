import * as z from 'zod';
import { ProductId } from '../values/text';
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

const changed = ['PreconditionFailed', 'VersionMismatch'] as const;

const productOperations = {
  createProduct: {
    summary: 'Add a product',
    description: 'Its stock starts at 0. The ID of a deleted product may be used again.',
    tag: 'Products',
    body: CreateProductRequest,
    answers: { 201: ProductView },
    sends: ['Location'],
    problems: ['ProductExists'],
    etag: true,
  },
  listProducts: {
    summary: 'List products',
    description:
      'Products on sale come first, and within each availability the newest. Customers see those on sale or sold out.',
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
      'A product that was never ordered is deleted (204). One that was ordered is retired permanently (200): staff see ' +
      'it, but nobody can buy it.',
    tag: 'Products',
    answers: { 200: ProductView, 204: null },
    problems: ['ProductNotFound', ...changed],
    etag: true,
  },
  importProducts: {
    summary: 'Import products from a CSV file',
    description:
      'The columns are productId, name, price, currency and, optionally, taxRate (in percent), description, categories ' +
      '(separated by `;`) and status (TRUE or FALSE), separated by commas, semicolons or tabs. The encoding is UTF-8, ' +
      'UTF-16 with a byte order mark, or the `charset` of the content type; any other is refused by name. Existing ' +
      'products are changed, and an empty cell or a missing column changes nothing. A new product has the standard tax ' +
      'rate of the shop and is on sale. Either all rows are imported or none, at most as many as fit into one ' +
      'transaction. A dry run reports whether they fit.',
    tag: 'Products',
    query: ImportQuery,
    body: { contentType: 'text/csv' },
    answers: { 200: ImportReport },
    problems: ['CatalogBusy'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;

const imageOperations = {
  createProductImage: {
    summary: 'Request a form to upload an image',
    description:
      'An upload of another type or one that is too large is refused. An upload that is not attached is deleted after a day.',
    tag: 'Products',
    body: CreateImageRequest,
    answers: { 201: ImageUpload },
    problems: ['ProductNotFound', 'ProductDiscontinued', 'TooManyImages'],
  },
  attachProductImage: {
    summary: 'Attach an uploaded image to its product',
    description: 'The content of the file must match its type.',
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

/** The contracts of the catalog operations. */
export const catalogOperations = { ...productOperations, ...imageOperations, ...categoryOperations };
