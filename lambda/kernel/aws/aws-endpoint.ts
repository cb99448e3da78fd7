import * as z from 'zod';
import { readEnv } from '../env';

/** What Lambda tells every function of its region, and a local AWS of where it answers. No construct fills these. */
const placeEnv = z.object({
  AWS_REGION: z.string().min(1),
  AWS_ENDPOINT_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })]) // the SDK takes an empty one for none, too
    .optional(),
});

/** Where a function runs. `endpoint` is undefined on AWS itself. */
export type AwsPlace = { readonly region: string; readonly endpoint: string | undefined };

/** Returns where the function runs, from its own environment. Throws when that is wrong. */
export const awsPlace = (): AwsPlace => {
  const { AWS_REGION, AWS_ENDPOINT_URL } = readEnv(placeEnv);
  return { region: AWS_REGION, endpoint: AWS_ENDPOINT_URL?.replace(/\/+$/, '') || undefined };
};

/** Returns what the hosts of AWS end with in a region: in China and in the European Sovereign Cloud, one of their own. */
export const suffixOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
};

/** Returns where a service of AWS answers, without a slash at the end: `https://sts.us-east-1.amazonaws.com`. */
export const serviceUrl = (service: string, { region, endpoint }: AwsPlace = awsPlace()): string =>
  endpoint ?? `https://${service}.${region}.${suffixOf(region)}`;

/** Returns where S3 answers for a bucket: `https://<bucket>.s3.<region>.amazonaws.com`, a path below a local AWS. */
export const bucketUrl = (bucket: string, { region, endpoint }: AwsPlace = awsPlace()): string =>
  endpoint === undefined ? `https://${bucket}.s3.${region}.${suffixOf(region)}` : `${endpoint}/${bucket}`;

/** A stage of a WebSocket API. */
export type SocketStage = { readonly apiId: string; readonly stage: string };

/** Returns where frames for connections are posted to: `https://<api>.execute-api.<region>.amazonaws.com/<stage>`. */
export const connectionsUrl = ({ apiId, stage }: SocketStage, { region, endpoint }: AwsPlace = awsPlace()): string =>
  endpoint === undefined
    ? `https://${apiId}.execute-api.${region}.${suffixOf(region)}/${stage}`
    : `${endpoint}/_aws/execute-api/${apiId}/${stage}`;

/** Returns where Cognito publishes the keys that it signs tokens of a user pool with. */
export const userPoolKeysUrl = (userPoolId: string, place: AwsPlace = awsPlace()): string =>
  `${serviceUrl('cognito-idp', place)}/${userPoolId}/.well-known/jwks.json`;

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Returns where a program on the host of a local AWS answers. `host.docker.internal` is its name in a container; a
 * function that shares the host's network, which its own loopback endpoint shows, finds it on 127.0.0.1.
 */
export const hostUrl = (url: string, { endpoint }: AwsPlace = awsPlace()): string =>
  endpoint !== undefined && loopback.includes(new URL(endpoint).hostname)
    ? url.replace(/^http:\/\/host\.docker\.internal(?=[:/]|$)/, 'http://127.0.0.1')
    : url;
