import { RegionInfo } from 'aws-cdk-lib/region-info';
import * as z from 'zod';
import { type Access, type SignedCall, signedCall } from '../lib/system/signed-call';

/** Whom a script asks, and as whom. `endpoint` is a test's: AWS has one for each service. */
export type AwsAccess = {
  readonly region: string;
  readonly credentials: Access['credentials'];
  readonly endpoint?: string | undefined;
};

const timeoutMs = 15_000;
const Failure = z.object({
  __type: z.string().optional(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** Returns what the hosts of AWS end with in a region; a region that is newer than the installed CDK is like most. */
export const suffixOf = (region: string): string => RegionInfo.get(region).domainSuffix ?? 'amazonaws.com';

const failureOf = (status: number, type: string | null, body: unknown): Error => {
  const { __type, message, Message } = Failure.safeParse(body).data ?? {};
  const name = (type ?? __type ?? `HTTP ${status}`).replace(/^.*#|:.*$/g, '');
  return Object.assign(new Error(message ?? Message ?? `HTTP ${status}`), { name });
};

/**
 * Calls a JSON API of AWS for which no SDK client is installed, and returns its answer.
 * Throws an error that is named as AWS names it.
 */
export const callSigned = async (access: AwsAccess, call: SignedCall): Promise<unknown> => {
  const { region, credentials, endpoint = `https://${call.service}.${region}.${suffixOf(region)}` } = access;
  const response = await signedCall({ endpoint, region, credentials }, { timeoutMs, ...call });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw failureOf(response.status, response.headers.get('x-amzn-errortype'), answer);
};
