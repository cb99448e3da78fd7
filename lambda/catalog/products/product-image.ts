import { type ImageType, maxImages } from '../../contracts/api/product-api';
import { accept, type Decision, reject } from '../../kernel/decision';
import { type Cause, changed, type Product, type ProductImage, type ProductKey } from './product';

export type ImageKey = ProductKey & { readonly imageId: string };

type Signature = readonly [ImageType, (bytes: Uint8Array) => boolean];

const startsWith = (bytes: Uint8Array, start: readonly number[], at = 0) =>
  start.every((byte, index) => bytes[at + index] === byte);

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

const signatures: readonly Signature[] = [
  ['image/jpeg', (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff])],
  ['image/png', (bytes) => startsWith(bytes, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a])],
  ['image/gif', (bytes) => startsWith(bytes, ascii('GIF87a')) || startsWith(bytes, ascii('GIF89a'))],
  ['image/webp', (bytes) => startsWith(bytes, ascii('RIFF')) && startsWith(bytes, ascii('WEBP'), 8)],
];

/** The number of first bytes that identify a file's type. */
export const signatureBytes = 16;

/** Returns the image type by the file's first bytes, not by its name. */
export const imageTypeOf = (start: Uint8Array): ImageType | undefined =>
  signatures.find(([, matches]) => matches(start))?.[0];

export type ImageRefusal = 'retired' | 'too-many-images' | 'image-not-found';

/** Attaches a checked image. Returns the same product when it is attached already. */
export const attachImage = (product: Product, image: ProductImage, cause: Cause): Decision<Product, ImageRefusal> => {
  if (product.images.some(({ imageId }) => imageId === image.imageId)) return accept(product);
  if (product.life !== 'active') return reject('retired');
  if (product.images.length >= maxImages) return reject('too-many-images');
  return accept(changed(product, { images: [...product.images, image] }, 'ProductUpdated', cause));
};

/** Removes an image from a product. */
export const detachImage = (product: Product, imageId: string, cause: Cause): Decision<Product, ImageRefusal> => {
  if (product.life !== 'active') return reject('retired');
  const images = product.images.filter((image) => image.imageId !== imageId);
  if (images.length === product.images.length) return reject('image-not-found');
  return accept(changed(product, { images }, 'ProductUpdated', cause));
};
