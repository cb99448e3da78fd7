import { createHash, createHmac, randomUUID } from 'node:crypto';
import { ProviderRefusedError, ProviderUnavailableError } from '../provider';
import { PayPayAnswer } from './paypay-snapshot';

export type PayPayKeys = { readonly apiKey: string; readonly apiSecret: string; readonly merchantId: string };

/** One request, as it is signed: `path` without the query, `body` exactly as it is sent. */
export type PayPayRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly nonce: string;
  readonly epochSeconds: number;
};

export const payPayContentType = 'application/json;charset=UTF-8;'; // as PayPay's documents have it: it is signed, too

const nothing = 'empty';

/** PayPay's `Authorization` header: an HMAC over what is asked, how, when, and a digest of the body. */
export const opaAuth = ({ apiKey, apiSecret }: PayPayKeys, request: PayPayRequest): string => {
  const { method, path, body, nonce, epochSeconds } = request;
  const type = body === undefined ? nothing : payPayContentType;
  const hash = body === undefined ? nothing : createHash('md5').update(type).update(body).digest('base64');
  const signed = [path, method, nonce, epochSeconds, type, hash].join('\n');
  const mac = createHmac('sha256', apiSecret).update(signed).digest('base64');
  return `hmac OPA-Auth:${[apiKey, mac, nonce, epochSeconds, hash].join(':')}`;
};

export type PayPayAccess = PayPayKeys & {
  /** Where PayPay answers: `https://api.paypay.ne.jp`, or a simulator. */
  readonly url: string;
  readonly now: () => Date;
  /** The shop's page that customers come back to, with `{tenant}` and `{orderId}` where they stand. @default they stay there */
  readonly returnUrl?: string | undefined;
  /** For one call. @default 3000 */
  readonly timeoutMs?: number;
};

export type PayPayCall = {
  readonly method: PayPayRequest['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
};

/** PayPay's own codes for what is not there. */
const missing = ['DYNAMIC_QR_PAYMENT_NOT_FOUND', 'DYNAMIC_QR_NOT_FOUND', 'NO_SUCH_REFUND_ORDER', 'RESOURCE_NOT_FOUND'];

/** Whether the refusal says that there is no such thing. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ProviderRefusedError && missing.includes(error.reason);

const seconds = (now: Date) => Math.floor(now.getTime() / 1000);

const fetchSigned = ({ url, now, timeoutMs = 3000, ...keys }: PayPayAccess, call: PayPayCall) => {
  const { method, path, query, body } = call;
  const epochSeconds = seconds(now());
  const sent = body === undefined ? undefined : JSON.stringify({ ...body, requestedAt: epochSeconds });
  const signed = { method, path, nonce: randomUUID(), epochSeconds, ...(sent === undefined ? {} : { body: sent }) };
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`; // which is not signed
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
    if (response.status >= 500) throw new Error(`PayPay answered with ${response.status}`); // whoever wrote the body
    return { status: response.status, answer: PayPayAnswer.parse(await response.json()) };
  } catch (cause) {
    throw new ProviderUnavailableError('PayPay did not answer', { cause });
  }
};

/** Keys that PayPay does not take are a fault of ours: what was asked waits until they are right. */
const isPermanent = (status: number) => status >= 400 && status < 500 && status !== 401 && status !== 429;

/** Asks PayPay's Open Payment API and answers with the data of its answer, unchecked. */
export const callPayPay = async (access: PayPayAccess, call: PayPayCall): Promise<unknown> => {
  const { status, answer } = await send(access, call);
  if (status >= 200 && status < 300) return answer.data;
  const { code } = answer.resultInfo;
  if (isPermanent(status)) throw new ProviderRefusedError(code);
  throw new ProviderUnavailableError(`PayPay answered with ${status} ${code}`);
};
