import { requestOf, type WireRequest } from '../../../clients/order-system';
import { GetOrderResponse, PlaceOrderResponse } from '../../../lambda/contracts/api/order-api';
import { CommandError } from '../command';
import type { System } from './system';

export type Item = { readonly productId: string; readonly quantity: number; readonly price?: number };

/** A request as it goes over the wire; without `headers` it has none of its own. */
export type ApiRequest = Omit<WireRequest, 'headers'> & Partial<Pick<WireRequest, 'headers'>>;

export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly milliseconds: number;
};

const timeoutMs = 30_000;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Sends one request to the API and reads the whole answer. */
export const call = async ({ apiUrl }: Pick<System, 'apiUrl'>, request: ApiRequest): Promise<ApiAnswer> => {
  const { method, path, headers = {}, body } = request;
  const startedAt = performance.now();
  try {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    const milliseconds = performance.now() - startedAt;
    return { status: answer.status, headers: answer.headers, body: parse(text), milliseconds };
  } catch (cause) {
    throw new CommandError(`${method} ${apiUrl}${path}: no answer (${cause instanceof Error ? cause.message : cause})`);
  }
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same request as a line for a shell. */
export const asCurl = ({ apiUrl }: Pick<System, 'apiUrl'>, { method, path, headers = {}, body }: ApiRequest): string =>
  [
    'curl -s',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    `${apiUrl}${path}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quoted(body)}`]),
  ].join(' ');

export const guestEmail = 'guest@example.com';

/** A guest's order of these items. */
export const orderRequest = (items: readonly Item[], headers: Readonly<Record<string, string>> = {}): ApiRequest =>
  requestOf('placeOrder', { headers, body: { customerEmail: guestEmail, items: [...items] } });

/** Places an order; throws when it is not accepted. */
export const placeOrder = async (
  system: Pick<System, 'apiUrl'>,
  items: readonly Item[],
): Promise<PlaceOrderResponse> => {
  const { status, body } = await call(system, orderRequest(items));
  if (status === 201) return PlaceOrderResponse.parse(body);
  throw new CommandError(`POST ${system.apiUrl}/orders: ${status} ${JSON.stringify(body)}`);
};

type Placed = Pick<PlaceOrderResponse, 'orderId' | 'trackingToken'>;

export const trackingRequest = ({ orderId, trackingToken }: Placed): ApiRequest =>
  requestOf('getOrder', { params: { orderId }, headers: { 'X-Tracking-Token': trackingToken } });

/** The order as the API shows it now. */
export const trackOrder = async (system: Pick<System, 'apiUrl'>, placed: Placed): Promise<GetOrderResponse> => {
  const { status, body } = await call(system, trackingRequest(placed));
  if (status === 200) return GetOrderResponse.parse(body);
  throw new CommandError(`GET ${system.apiUrl}/orders/${placed.orderId}: ${status} ${JSON.stringify(body)}`);
};
