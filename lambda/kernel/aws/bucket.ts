import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { awsPlace, bucketUrl } from './aws-endpoint';

/** The endpoint of a bucket: `https://<bucket>.s3.<region>.amazonaws.com`. */
export type BucketAddress = { readonly url: string; readonly region: string };

/** Returns the endpoint of a bucket in the function's own region. */
export const bucketAddress = (name: string): BucketAddress => {
  const place = awsPlace();
  return { url: bucketUrl(name, place), region: place.region };
};

export type BucketRequest = {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
};

export const ownCredentials = fromEnv();

/** The credentials and the clock of signatures. */
export type Signing = { readonly now: () => Date; readonly credentials: typeof ownCredentials };

export const sha256 = Hash.bind(null, 'sha256');

const timeoutMs = 5000;

export const bucketRequest = ({ url }: BucketAddress, { method, path, headers, body }: BucketRequest): HttpRequest => {
  const { protocol, hostname, port, host, pathname } = new URL(`${url}/${path}`);
  const where = { protocol, hostname, path: pathname, ...(port === '' ? {} : { port: Number(port) }) };
  return new HttpRequest({ method, ...where, headers: { host, ...headers }, body });
};

export const bucketSigner = ({ region }: BucketAddress, { credentials }: Signing) =>
  new SignatureV4({ service: 's3', region, credentials, sha256, uriEscapePath: false });

/** Sends a signed request to S3. The SDK's client would more than double what each cold start loads. */
export const requestBucket = async (
  bucket: BucketAddress,
  request: BucketRequest,
  signing: Signing,
): Promise<Response> => {
  const signed = await bucketSigner(bucket, signing).sign(bucketRequest(bucket, request), {
    signingDate: signing.now(),
  });
  const { method, headers } = signed;
  const body = request.body === undefined ? {} : { body: request.body };
  return fetch(`${bucket.url}/${request.path}`, { method, headers, ...body, signal: AbortSignal.timeout(timeoutMs) });
};

export const unexpected = (what: string, { status }: Response) => new Error(`S3 answered ${what} with ${status}`);
