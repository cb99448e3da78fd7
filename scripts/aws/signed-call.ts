import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** Whom a script asks, and as whom. `endpoint` is a test's: AWS has one for each service. */
export type AwsAccess = {
  readonly region: string;
  readonly credentials: Credentials;
  readonly endpoint?: string | undefined;
};

type SignedCall = {
  readonly service: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const timeoutMs = 15_000;
const Failure = z.object({
  __type: z.string().optional(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

const hostOf = (service: string, region: string): string =>
  `${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;

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
  const { region, credentials, endpoint } = access;
  const { service, method, path, headers: more = {}, body } = call;
  const url = new URL(path, endpoint ?? `https://${hostOf(service, region)}`);
  const signer = new SignatureV4({ service, region, credentials, sha256: Hash.bind(null, 'sha256') });
  const { protocol, hostname, port, host, pathname } = url;
  const target = { protocol, hostname, path: pathname, ...(port === '' ? {} : { port: Number(port) }) };
  const request = new HttpRequest({ method, ...target, headers: { ...more, host }, body });
  const { headers } = await signer.sign(request);
  const response = await fetch(url, { method, headers, body: body ?? null, signal: AbortSignal.timeout(timeoutMs) });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw failureOf(response.status, response.headers.get('x-amzn-errortype'), answer);
};
