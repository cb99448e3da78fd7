import { lookup } from 'node:dns/promises';
import { CommandError } from '../command';

/** As cdklocal does, whatever the caller's profile says. */
export const region = 'us-east-1';
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What AWS SDK clients of the local AWS are made with. */
export const clientConfig = (endpoint: string) => ({ endpoint, region, credentials });

/** The endpoint the caller chose, without a slash at its end. Throws when it is AWS itself. */
export const chosenEndpoint = (): string | undefined => {
  const chosen = process.env.AWS_ENDPOINT_URL?.replace(/\/+$/, '');
  if (!chosen) return undefined;
  if (!URL.canParse(chosen)) throw new CommandError(`AWS_ENDPOINT_URL is not a URL: ${chosen}`);
  if (/(^|\.)amazonaws\.com(\.cn)?$/.test(new URL(chosen).hostname)) {
    throw new CommandError('AWS_ENDPOINT_URL names AWS itself. Deploy there with: npx cdk deploy');
  }
  return chosen;
};

// buckets become part of the path only below an IP address, and no resolver knows `<bucket>.localhost`
const s3Endpoint = async (endpoint: string): Promise<string> => {
  const url = new URL(endpoint);
  if (url.protocol === 'https:') return endpoint;
  const { address } = await lookup(url.hostname, { family: 4 });
  url.hostname = address;
  return url.origin;
};

const noNodeWarning = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** The environment that makes cdklocal talk to this endpoint. */
export const cdkEnvironment = async (endpoint: string): Promise<NodeJS.ProcessEnv> => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL_S3 ?? (await s3Endpoint(endpoint)),
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  [noNodeWarning]: 'true',
  AWS_ENVAR_ALLOWLIST: process.env.AWS_ENVAR_ALLOWLIST ?? noNodeWarning, // cdklocal drops other AWS_ variables
});
