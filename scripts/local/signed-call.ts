import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { credentials, region } from './endpoint';

export type SignedCall = {
  readonly endpoint: string;
  /** The service that it is signed for: `sts`. */
  readonly service: string;
  /** @default POST */
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** @default / */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default 10 seconds */
  readonly timeoutMs?: number;
};

/** Sends one request to a local AWS, signed as every client of AWS signs, without loading a client of the SDK. */
export const signedCall = async (call: SignedCall): Promise<Response> => {
  const { endpoint, service, method = 'POST', path = '/', query = {}, body, timeoutMs = 10_000 } = call;
  const { protocol, hostname, port, host } = new URL(endpoint);
  const signer = new SignatureV4({ service, region, credentials, sha256: Hash.bind(null, 'sha256') });
  const request = new HttpRequest({
    method,
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path,
    query: { ...query },
    headers: { ...call.headers, host },
    ...(body === undefined ? {} : { body }),
  });
  const { headers } = await signer.sign(request);
  const search = new URLSearchParams(query).toString();
  const url = `${endpoint}${path}${search === '' ? '' : `?${search}`}`;
  return fetch(url, { method, headers, body: body ?? null, signal: AbortSignal.timeout(timeoutMs) });
};
