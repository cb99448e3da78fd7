import * as z from 'zod';
import { CategoryId } from '../events/catalog-events';
import { Currency } from '../values/money';
import { isVisible, line, ProductId, StoredNumber } from '../values/text';
import { page } from './page';

export const imageTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const;
export type ImageType = (typeof imageTypes)[number];
export const maxImageBytes = 5 * 1024 * 1024;
export const maxImages = 10;
export const maxCategories = 10;
export const maxImportBytes = 1024 * 1024;

/** Whether a product can be bought, or why not. Customers see products of the first two. */
export const availabilities = ['on-sale', 'sold-out', 'off-sale', 'retired'] as const;
export type Availability = (typeof availabilities)[number];

/** Text of several lines. */
const paragraph = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.split(/\r?\n/).every((part) => part === '' || line(maxLength).safeParse(part).success), {
      error: 'must not contain control characters or blank lines of spaces',
    })
    .refine(isVisible, 'must not be blank');

/** In percent, with at most two decimals: 10 is 10 %. */
export const TaxRate = z
  .number()
  .min(0)
  .max(100)
  .refine((percent) => percent === 0 || percent >= 1, 'is in percent: 10 means 10 %')
  .refine((percent) => Math.round(percent * 100) / 100 === percent, 'must have at most two decimals');

/** In percent, or one of the tenant's own two rates. */
const TaxRateOrName = z.union([TaxRate, z.enum(['standard', 'reduced'])]);

const Price = StoredNumber.nonnegative().max(1e11);

const unique = (ids: readonly string[]) => new Set(ids).size === ids.length;

export const Categories = z.array(CategoryId).max(maxCategories).refine(unique, 'must not name a category twice');

/** The fields that staff edits. `price` is in major units (59.98) of `currency`. */
export const productFields = {
  name: line(200),
  description: paragraph(5000),
  price: Price,
  currency: Currency,
  taxRate: TaxRateOrName,
  categories: Categories,
  rating: StoredNumber.min(0).max(5),
  status: z.boolean(),
};
const { name, description, price, currency, taxRate, categories, rating, status } = productFields;

/** Body of `POST /products`. `sku` is an alias of `productId`, and one of the two is required. */
export const CreateProductRequest = z
  .strictObject({
    productId: ProductId.optional(),
    sku: ProductId.optional(),
    name,
    description: description.optional(),
    price,
    /** @default the tenant's */
    currency: currency.optional(),
    /** @default the tenant's standard rate */
    taxRate: taxRate.optional(),
    categories: categories.optional(),
    rating: rating.optional(),
    /** Whether it is on sale. @default true */
    status: status.optional(),
  })
  .refine((body) => (body.productId ?? body.sku) !== undefined, { path: ['productId'], error: 'productId is missing' })
  .refine(({ productId, sku }) => productId === undefined || sku === undefined || productId === sku, {
    path: ['sku'],
    error: 'must be the productId when both are sent',
  });
export type CreateProductRequest = z.infer<typeof CreateProductRequest>;

/** Body of `PATCH /products/{productId}`. Missing fields stay, and `null` clears a field. */
export const UpdateProductRequest = z
  .strictObject({
    name: name.optional(),
    description: description.nullable().optional(),
    price: price.optional(),
    currency: currency.optional(),
    taxRate: taxRate.optional(),
    categories: categories.optional(),
    rating: rating.nullable().optional(),
    status: status.optional(),
    /** The version that the caller read. @default any version */
    expectedVersion: z.int().positive().optional(),
  })
  .refine(({ expectedVersion: _, ...change }) => Object.keys(change).length > 0, 'must change something')
  .refine((body) => body.currency === undefined || body.price !== undefined, {
    path: ['price'],
    error: 'must be sent with another currency',
  });
export type UpdateProductRequest = z.infer<typeof UpdateProductRequest>;

const ImageView = z.object({
  imageId: z.string(),
  /** The image's URL. It is valid for at most fifteen minutes. Reading the product again returns a new one. */
  url: z.url(),
  contentType: z.enum(imageTypes),
  bytes: z.int().positive(),
});

/** A product as the API shows it. `price` is in major units (59.98) of `currency`, `taxRate` in percent. */
export const ProductView = z.object({
  productId: ProductId,
  sku: ProductId,
  name: z.string(),
  description: z.string().optional(),
  price: z.number(),
  currency: z.string(),
  taxRate: z.number(),
  categories: z.array(CategoryId),
  images: z.array(ImageView),
  rating: z.number().optional(),
  /** Whether it is on sale. */
  status: z.boolean(),
  availability: z.enum(availabilities),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ProductView = z.infer<typeof ProductView>;

/** Query of `GET /products`. `status=false` selects all products that are not on sale. */
export const ListProductsQuery = z.strictObject({
  category: CategoryId.optional(),
  status: z.enum(['true', 'false', ...availabilities]).optional(),
  ...page,
});
export type ListProductsQuery = z.infer<typeof ListProductsQuery>;

/** Query of `POST /products/import`. */
export const ImportQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });

/** The result of an import or a dry run. Rows are numbered from 1 after the header, including empty ones. */
export const ImportReport = z.object({
  dryRun: z.boolean(),
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  /** The first fifty errors by row. With any error, nothing is imported. */
  errors: z.array(z.object({ row: z.int(), column: z.string(), detail: z.string() })),
  /** The number of all errors. @default the number of listed ones */
  errorCount: z.int().optional(),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** Body of `POST /products/{productId}/images`. */
export const CreateImageRequest = z.strictObject({ contentType: z.enum(imageTypes) });

/** A form to POST to `url` with these fields and then the field `file`. Attach the image after that. */
export const ImageUpload = z.object({
  imageId: z.string(),
  url: z.url(),
  fields: z.record(z.string(), z.string()),
  maxBytes: z.int(),
  expiresAt: z.iso.datetime(),
});
export type ImageUpload = z.infer<typeof ImageUpload>;
