import * as z from 'zod';
import { readEnv } from '../env';

/** Set by the Lambda runtime (region) and by a local AWS (endpoint), never by a construct. */
const placeEnv = z.object({
  AWS_REGION: z.string().min(1),
  AWS_ENDPOINT_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })]) // the SDK too treats an empty one as unset
    .optional(),
});

/** Where a function runs. `endpoint` is undefined on AWS itself. */
export type AwsPlace = { readonly region: string; readonly endpoint: string | undefined };

/** Returns where the function runs, by its environment. Throws when a variable is missing or wrong. */
export const awsPlace = (): AwsPlace => {
  const { AWS_REGION, AWS_ENDPOINT_URL } = readEnv(placeEnv);
  return { region: AWS_REGION, endpoint: AWS_ENDPOINT_URL?.replace(/\/+$/, '') || undefined };
};

/** Returns the DNS suffix of AWS in a region: China and the European Sovereign Cloud have their own. */
export const suffixOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
};

/** Returns the endpoint of an AWS service, without a trailing slash: `https://sts.us-east-1.amazonaws.com`. */
export const serviceUrl = (service: string, { region, endpoint }: AwsPlace = awsPlace()): string =>
  endpoint ?? `https://${service}.${region}.${suffixOf(region)}`;

/** Returns the endpoint of a bucket: `https://<bucket>.s3.<region>.amazonaws.com`, or a path of a local AWS. */
export const bucketUrl = (bucket: string, { region, endpoint }: AwsPlace = awsPlace()): string =>
  endpoint === undefined ? `https://${bucket}.s3.${region}.${suffixOf(region)}` : `${endpoint}/${bucket}`;

/** A stage of a WebSocket API. */
export type SocketStage = { readonly apiId: string; readonly stage: string };

/** Returns the URL to post frames to: `https://<api>.execute-api.<region>.amazonaws.com/<stage>`. */
export const connectionsUrl = ({ apiId, stage }: SocketStage, { region, endpoint }: AwsPlace = awsPlace()): string =>
  endpoint === undefined
    ? `https://${apiId}.execute-api.${region}.${suffixOf(region)}/${stage}`
    : `${endpoint}/_aws/execute-api/${apiId}/${stage}`;

/** Returns the URL of the public keys (JWKS) of a Cognito user pool. */
export const userPoolKeysUrl = (userPoolId: string, place: AwsPlace = awsPlace()): string =>
  `${serviceUrl('cognito-idp', place)}/${userPoolId}/.well-known/jwks.json`;

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Returns the URL of a program on the host of a local AWS. A container reaches it as `host.docker.internal`; a function
 * that shares the host's network, as its loopback endpoint shows, reaches it as 127.0.0.1.
 */
export const hostUrl = (url: string, { endpoint }: AwsPlace = awsPlace()): string =>
  endpoint !== undefined && loopback.includes(new URL(endpoint).hostname)
    ? url.replace(/^http:\/\/host\.docker\.internal(?=[:/]|$)/, 'http://127.0.0.1')
    : url;
