import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** Who asks, and where. */
export type Access = { readonly endpoint: string; readonly region: string; readonly credentials: Credentials };

/** What is asked of one service. */
export type SignedCall = {
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

/** Sends one request to AWS or a local one, signed as every client of the SDK signs, without loading one. */
export const signedCall = async ({ endpoint, region, credentials }: Access, call: SignedCall): Promise<Response> => {
  const { service, method = 'POST', path = '/', query = {}, body, timeoutMs = 10_000 } = call;
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
