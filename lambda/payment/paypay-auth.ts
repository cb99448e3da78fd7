import { createHash, createHmac } from 'node:crypto';

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
