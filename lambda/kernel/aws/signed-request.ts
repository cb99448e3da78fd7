import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { awsPlace, serviceUrl } from './aws-endpoint';

const defaultTimeoutMs = 5000;

export type SignedRequest = {
  /** @default POST */
  readonly method?: 'POST' | 'DELETE';
  /** A URL under one that `serviceUrl` or its siblings return. */
  readonly url: string;
  /** The service name of the signature, such as `lambda`. */
  readonly service: string;
  /** @default none, where there is no body */
  readonly contentType?: string;
  /** @default only those of every request */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default none */
  readonly body?: string;
  /** @default 5 seconds */
  readonly timeoutMs?: number | undefined;
};

/**
 * Sends one request to an AWS API, signed with the function's own credentials. An SDK client would add 40 to 80 KB to
 * what each cold start loads.
 */
export const sendSigned = async (input: SignedRequest): Promise<Response> => {
  const { url, service, contentType, headers: more, body, timeoutMs = defaultTimeoutMs } = input;
  const typed: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const { region } = awsPlace();
  const signer = new SignatureV4({ service, region, credentials: fromEnv(), sha256: Hash.bind(null, 'sha256') });
  const request = new HttpRequest({
    method: input.method ?? 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    headers: { ...more, host, ...typed },
    ...(body === undefined ? {} : { body }),
  });
  const { method, headers } = await signer.sign(request);
  return fetch(url, { method, headers, body: body ?? null, signal: AbortSignal.timeout(timeoutMs) });
};

/** Invokes a function and returns its response, which the caller must parse. */
export type Invoke = (payload: unknown) => Promise<unknown>;

/**
 * Invokes the function of this name and waits for its response. Throws when it is unreachable, fails or times out. It
 * is a plain signed request, since the SDK's client would add 84 KB to the bundle.
 */
export const invokeFunction =
  (name: string, timeoutMs?: number): Invoke =>
  async (payload) => {
    const response = await sendSigned({
      url: `${serviceUrl('lambda')}/2015-03-31/functions/${name}/invocations`,
      service: 'lambda',
      contentType: 'application/json',
      body: JSON.stringify(payload),
      timeoutMs,
    });
    if (!response.ok || response.headers.has('x-amz-function-error'))
      throw new Error(`the function ${name} failed with ${response.status}`);
    return response.json();
  };
