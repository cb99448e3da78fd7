import { createHash, createHmac, randomUUID } from 'node:crypto';
import { ProviderRefusedError, ProviderUnavailableError } from '../provider';
import { PayPayAnswer } from './paypay-snapshot';

export type PayPayKeys = { readonly apiKey: string; readonly apiSecret: string; readonly merchantId: string };

/** One request as it is signed: `path` without the query, `body` exactly as sent. */
export type PayPayRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly nonce: string;
  readonly epochSeconds: number;
};

const payPayContentType = 'application/json;charset=UTF-8;'; // as documented: it is signed

const nothing = 'empty';

/** Returns PayPay's `Authorization` header: an HMAC over method, path, time and a digest of the body. */
export const opaAuth = ({ apiKey, apiSecret }: PayPayKeys, request: PayPayRequest): string => {
  const { method, path, body, nonce, epochSeconds } = request;
  const type = body === undefined ? nothing : payPayContentType;
  const hash = body === undefined ? nothing : createHash('md5').update(type).update(body).digest('base64');
  const signed = [path, method, nonce, epochSeconds, type, hash].join('\n');
  const mac = createHmac('sha256', apiSecret).update(signed).digest('base64');
  return `hmac OPA-Auth:${[apiKey, mac, nonce, epochSeconds, hash].join(':')}`;
};

export type PayPayAccess = PayPayKeys & {
  /** PayPay's base URL: `https://api.paypay.ne.jp`, or a simulator. */
  readonly url: string;
  readonly now: () => Date;
  /** The shop's page that customers return to, with `{tenant}` and `{orderId}`. @default customers stay at PayPay */
  readonly returnUrl?: string | undefined;
  /** Timeout of one call. @default 3000 */
  readonly timeoutMs?: number;
};

export type PayPayCall = {
  readonly method: PayPayRequest['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
};

/** PayPay's codes for "not found". */
const missing = ['DYNAMIC_QR_PAYMENT_NOT_FOUND', 'DYNAMIC_QR_NOT_FOUND', 'NO_SUCH_REFUND_ORDER', 'RESOURCE_NOT_FOUND'];

/** Returns true for a refusal because something does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ProviderRefusedError && missing.includes(error.reason);

const seconds = (now: Date) => Math.floor(now.getTime() / 1000);

const fetchSigned = ({ url, now, timeoutMs = 3000, ...keys }: PayPayAccess, call: PayPayCall) => {
  const { method, path, query, body } = call;
  const epochSeconds = seconds(now());
  const sent = body === undefined ? undefined : JSON.stringify({ ...body, requestedAt: epochSeconds });
  const signed = { method, path, nonce: randomUUID(), epochSeconds, ...(sent === undefined ? {} : { body: sent }) };
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`; // not part of the signature
  return fetch(`${url}${path}${search}`, {
    method,
    headers: {
      authorization: opaAuth(keys, signed),
      'x-assume-merchant': keys.merchantId,
      ...(sent === undefined ? {} : { 'content-type': payPayContentType }),
    },
    signal: AbortSignal.timeout(timeoutMs),
    ...(sent === undefined ? {} : { body: sent }),
  });
};

const send = async (access: PayPayAccess, call: PayPayCall) => {
  try {
    const response = await fetchSigned(access, call);
    if (response.status >= 500) throw new Error(`PayPay answered with ${response.status}`); // the body may be a proxy's
    return { status: response.status, answer: PayPayAnswer.parse(await response.json()) };
  } catch (cause) {
    throw new ProviderUnavailableError('PayPay did not answer', { cause });
  }
};

/** Rejected keys (401) are our fault, so such requests are retried until the keys are fixed. */
const isPermanent = (status: number) => status >= 400 && status < 500 && status !== 401 && status !== 429;

/**
 * Calls PayPay's Open Payment API and returns the response's data, unvalidated. Throws ProviderRefusedError or
 * ProviderUnavailableError.
 */
export const callPayPay = async (access: PayPayAccess, call: PayPayCall): Promise<unknown> => {
  const { status, answer } = await send(access, call);
  if (status >= 200 && status < 300) return answer.data;
  const { code } = answer.resultInfo;
  if (isPermanent(status)) throw new ProviderRefusedError(code);
  throw new ProviderUnavailableError(`PayPay answered with ${status} ${code}`);
};
