import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { CommandError } from '../../lib/command';

/** As cdklocal does, whatever the caller's profile says. */
export const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What AWS SDK clients of the local AWS are made with. */
export const clientConfig = (endpoint: string) => ({ endpoint, region, credentials });

const wrongEndpoint = (chosen: string): string | undefined => {
  if (!/^https?:\/\//i.test(chosen)) return `AWS_ENDPOINT_URL must begin with http:// or https://, not "${chosen}"`;
  if (!URL.canParse(chosen)) return `AWS_ENDPOINT_URL is not a URL: ${chosen}`;
  const { hostname, pathname, search, hash, origin } = new URL(chosen);
  if (/(^|\.)amazonaws\.com(\.cn)?$/.test(hostname))
    return 'AWS_ENDPOINT_URL names AWS itself. Deploy there with: npx cdk deploy';
  const more = `${pathname.replace(/^\/$/, '')}${search}${hash}`;
  return more === '' ? undefined : `AWS_ENDPOINT_URL must end after its port: ${origin}, without "${more}"`;
};

/** The endpoint the caller chose, without a slash at its end. Throws when it is none, or AWS itself. */
export const chosenEndpoint = (env: Readonly<Record<string, string | undefined>> = process.env): string | undefined => {
  const chosen = env.AWS_ENDPOINT_URL?.replace(/\/+$/, '');
  if (!chosen) return undefined;
  const wrong = wrongEndpoint(chosen);
  if (wrong === undefined) return chosen;
  throw new CommandError(wrong);
};

// buckets become part of the path only below an IP address, and no resolver knows `<bucket>.localhost`
const s3Endpoint = async (endpoint: string): Promise<string> => {
  const url = new URL(endpoint);
  if (url.protocol === 'https:' || isIP(url.hostname.replace(/^\[|\]$/g, '')) > 0) return endpoint;
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
