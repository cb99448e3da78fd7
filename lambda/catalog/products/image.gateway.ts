import { createHmac } from 'node:crypto';
import { createScope, getSigningKey } from '@smithy/signature-v4';
import { type ImageType, maxImageBytes } from '../../contracts/api/product-api';
import {
  type BucketAddress,
  type BucketRequest,
  bucketRequest,
  bucketSigner,
  ownCredentials,
  requestBucket,
  type Signing,
  sha256,
  unexpected,
} from '../../kernel/aws/bucket';
import { type ImageKey, signatureBytes } from './product-image';

/** The form fields of one upload. */
export type Upload = {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAt: string;
};

/** The first bytes and the size of an upload. `etag` changes with the content. */
export type Uploaded = {
  readonly start: Uint8Array;
  readonly bytes: number;
  readonly contentType: string;
  readonly etag: string;
};

export type ImageBucket = BucketAddress & { readonly name: string };

type Images = Signing & { readonly bucket: ImageBucket };

const uploadSeconds = 600;
const readSeconds = 900;

const uploadPath = ({ tenant, productId, imageId }: ImageKey) => `uploads/${tenant}/${productId}/${imageId}`;
const imagePath = ({ tenant, productId, imageId }: ImageKey) => `images/${tenant}/${productId}/${imageId}`;

/** Returns `20261121T080000Z`. */
const amzDate = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '');

const upload = async ({ bucket, now, credentials }: Images, key: ImageKey, contentType: ImageType): Promise<Upload> => {
  const at = now();
  const date = amzDate(at);
  const expiresAt = new Date(at.getTime() + uploadSeconds * 1000).toISOString();
  const signer = await credentials();
  const fields = {
    'Content-Type': contentType,
    bucket: bucket.name,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${signer.accessKeyId}/${createScope(date.slice(0, 8), bucket.region, 's3')}`,
    'X-Amz-Date': date,
    ...(signer.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': signer.sessionToken }),
    key: uploadPath(key),
  };
  const conditions = [
    ['content-length-range', 1, maxImageBytes],
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
  ];
  const policy = Buffer.from(JSON.stringify({ expiration: expiresAt, conditions })).toString('base64');
  const signingKey = await getSigningKey(sha256, signer, date.slice(0, 8), bucket.region, 's3');
  const signature = createHmac('sha256', signingKey).update(policy).digest('hex');
  return { url: bucket.url, fields: { ...fields, Policy: policy, 'X-Amz-Signature': signature }, expiresAt };
};

const send = (images: Images, request: BucketRequest) => requestBucket(images.bucket, request, images);

const inspect = async (images: Images, key: ImageKey): Promise<Uploaded | undefined> => {
  const range = { range: `bytes=0-${signatureBytes - 1}` };
  const answer = await send(images, { method: 'GET', path: uploadPath(key), headers: range });
  const start = new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw unexpected('a read', answer);
  const header = (name: string) => answer.headers.get(name) ?? '';
  const bytes = Number(header('content-range').split('/')[1] ?? header('content-length'));
  return { start, bytes, contentType: header('content-type'), etag: header('etag') };
};

const publish = async (images: Images, key: ImageKey, { etag, type }: { etag: string; type: ImageType }) => {
  const answer = await send(images, {
    method: 'PUT',
    path: imagePath(key),
    headers: {
      'content-type': type,
      'x-amz-copy-source': `/${images.bucket.name}/${uploadPath(key)}`,
      'x-amz-copy-source-if-match': etag,
      'x-amz-metadata-directive': 'REPLACE',
    },
  });
  const text = await answer.text();
  if (answer.status === 412 || answer.status === 404) return false;
  if (!answer.ok || text.includes('<Error>')) throw unexpected('a copy', answer);
  return true;
};

const remove = async (images: Images, key: ImageKey): Promise<void> => {
  const answer = await send(images, { method: 'DELETE', path: imagePath(key) });
  if (!answer.ok && answer.status !== 404) throw unexpected('a delete', answer);
};

const readUrl = async (images: Images, key: ImageKey): Promise<string> => {
  const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }; // S3 requires it in presigned URLs
  const request = bucketRequest(images.bucket, { method: 'GET', path: imagePath(key), headers });
  const signed = await bucketSigner(images.bucket, images).presign(request, {
    expiresIn: readSeconds,
    signingDate: images.now(),
  });
  return `${images.bucket.url}/${imagePath(key)}?${new URLSearchParams(signed.query as Record<string, string>)}`;
};

/**
 * The bucket of product images. Checked uploads are copied from `uploads/<tenant>/` to `images/<tenant>/`, from which
 * browsers read, so that nobody can replace a file after the check.
 */
export const imageGateway = (bucket: ImageBucket, now: () => Date, credentials = ownCredentials) => {
  const images: Images = { bucket, now, credentials };
  return {
    /** Returns a form that uploads one image of this type. It is valid for ten minutes. */
    upload: (key: ImageKey, contentType: ImageType): Promise<Upload> => upload(images, key, contentType),

    /** Returns the upload, or undefined when there is none. */
    inspect: (key: ImageKey): Promise<Uploaded | undefined> => inspect(images, key),

    /** Copies the upload to the images. Returns false when it has changed since it was inspected. */
    publish: (key: ImageKey, checked: { readonly etag: string; readonly type: ImageType }): Promise<boolean> =>
      publish(images, key, checked),

    /** Deletes an image, if it exists. */
    remove: (key: ImageKey): Promise<void> => remove(images, key),

    /** Returns a URL of the image that is valid for fifteen minutes. */
    readUrl: (key: ImageKey): Promise<string> => readUrl(images, key),
  };
};

export type ImageGateway = ReturnType<typeof imageGateway>;
