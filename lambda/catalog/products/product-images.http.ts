import * as z from 'zod';
import {
  CreateImageRequest,
  type ImageType,
  type ImageUpload,
  maxImageBytes,
  maxImages,
} from '../../contracts/api/product-api';
import { asError } from '../../kernel/error';
import { type Answer, isProblem, type ProblemAnswer, refuse } from '../../kernel/http/answer';
import { parseBody } from '../../kernel/http/input';
import type { Request } from '../../kernel/http/route';
import { logger } from '../../kernel/logger';
import { causeOf, expectedVersions, isExisting, productKeyOf, productNotFound, productRetired } from '../catalog.http';
import { type ChangeProductsDeps, changedAnswer, changeProduct } from './change-products.http';
import type { ImageGateway, Uploaded } from './image.gateway';
import type { Product, ProductImage, ProductKey } from './product';
import { attachImage, detachImage, type ImageKey, type ImageRefusal, imageTypeOf } from './product-image';

export type ProductImagesDeps = ChangeProductsDeps & {
  readonly images: ImageGateway;
  readonly newImageId: () => string;
};

const imageNotFound = refuse(
  'ImageNotFound',
  'The product has no image with this ID, and no file was uploaded for it. Upload the file first.',
);
const tooMany = refuse('TooManyImages', `A product can have at most ${maxImages} images. Delete one first.`);

const refused = (product: Product, reason: ImageRefusal): ProblemAnswer => {
  if (reason === 'retired') return productRetired(product);
  return reason === 'too-many-images' ? tooMany : imageNotFound;
};

const refuseImage = (key: ProductKey, product: Product | undefined): ProblemAnswer | undefined => {
  if (!isExisting(product)) return productNotFound(key.productId);
  if (product.life === 'retired') return productRetired(key);
  return product.images.length >= maxImages ? tooMany : undefined;
};

/** `POST /products/{productId}/images`: returns a form for the upload. */
export const createProductImageRoute =
  (deps: ProductImagesDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const parsed = parseBody(request, CreateImageRequest);
    if (isProblem(parsed)) return parsed;
    const refusal = refuseImage(key, await deps.products.get(key));
    if (refusal !== undefined) return refusal;
    const imageId = deps.newImageId();
    const upload = await deps.images.upload({ ...key, imageId }, parsed.body.contentType);
    const body: ImageUpload = { imageId, ...upload, fields: { ...upload.fields }, maxBytes: maxImageBytes };
    return { status: 201, body };
  };

const imageKeyOf = (request: Request): ImageKey | ProblemAnswer => {
  const key = productKeyOf(request);
  if (isProblem(key)) return key;
  const imageId = request.pathParameter('imageId');
  return z.uuid().safeParse(imageId).success ? { ...key, imageId } : imageNotFound;
};

/** Returns the type of a valid upload, or the problem with it. */
const check = ({ start, bytes, contentType }: Uploaded): ImageType | ProblemAnswer => {
  if (bytes > maxImageBytes)
    return refuse('ImageRefused', `The image is too large: at most ${maxImageBytes} bytes are allowed.`);
  const type = imageTypeOf(start);
  if (type === undefined || type !== contentType)
    return refuse('ImageRefused', `The file is not of the type ${contentType.slice(0, 100)}. Upload one that is.`);
  return type;
};

/** Checks and publishes an upload. Returns a problem when it is missing or invalid. */
const publishUpload = async ({ images }: ProductImagesDeps, key: ImageKey): Promise<ProductImage | ProblemAnswer> => {
  const uploaded = await images.inspect(key);
  if (uploaded === undefined) return imageNotFound;
  const type = check(uploaded);
  if (isProblem(type)) return type;
  const published = await images.publish(key, { etag: uploaded.etag, type });
  if (!published) return refuse('ImageRefused', 'The file was changed while it was checked. Try again.');
  return { imageId: key.imageId, contentType: type, bytes: uploaded.bytes };
};

/** `PUT /products/{productId}/images/{imageId}`. A repeated request changes nothing. */
export const attachProductImageRoute =
  (deps: ProductImagesDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = imageKeyOf(request);
    if (isProblem(key)) return key;
    const versions = expectedVersions(request);
    if (isProblem(versions)) return versions;
    const product = await deps.products.get(key);
    if (!isExisting(product)) return productNotFound(key.productId);
    const attached = product.images.find(({ imageId }) => imageId === key.imageId);
    const image = attached ?? (await publishUpload(deps, key));
    if (isProblem(image)) return image;
    const changed = await changeProduct(deps, key, versions, (before) => {
      const decided = attachImage(before, image, causeOf(request, deps.now()));
      return decided.accepted ? decided.fact : refused(before, decided.reason);
    });
    return changedAnswer(deps, changed);
  };

/** `DELETE /products/{productId}/images/{imageId}`. */
export const deleteProductImageRoute =
  (deps: ProductImagesDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = imageKeyOf(request);
    if (isProblem(key)) return key;
    const versions = expectedVersions(request);
    if (isProblem(versions)) return versions;
    const changed = await changeProduct(deps, key, versions, (product) => {
      const decided = detachImage(product, key.imageId, causeOf(request, deps.now()));
      return decided.accepted ? decided.fact : refused(product, decided.reason);
    });
    // no product refers to the file any more, so a failed delete is only logged
    if (!isProblem(changed))
      await deps.images.remove(key).catch((thrown) => logger.error('image not deleted', { error: asError(thrown) }));
    return changedAnswer(deps, changed);
  };
