import { type Operation, type Policy, routes } from '../lambda/contracts/api/routes';
import type { AnswerOf, Client, RequestOf } from './types';

export type ClientOptions = {
  /** Where the API is, with its stage: `https://….execute-api.us-east-1.amazonaws.com/prod`. */
  readonly baseUrl: string;
  /** The ID token of a user, or where to get one that has not expired. @default the caller is a guest */
  readonly token?: string | (() => Promise<string>);
  /** Names the shop of a guest. @default the default shop */
  readonly storefrontKey?: string;
  /** How long to wait for an answer, in milliseconds. @default 30 seconds */
  readonly timeoutMs?: number;
  /** @default the runtime's own */
  readonly fetch?: typeof fetch;
};

/** A request as it goes over the wire. */
export type WireRequest = {
  readonly method: Policy['method'];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

type Loose = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
};

const pathOf = (path: string, params: Readonly<Record<string, string>>) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

const queryOf = (query: Readonly<Record<string, unknown>>) => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
};

const present = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** The request of an operation, for those who send it by themselves: without credentials. */
export const requestOf = <Name extends Operation>(operation: Name, request: RequestOf<Name>): WireRequest => {
  const { params = {}, query = {}, headers = {}, body, contentType = 'application/json' } = request as Loose;
  const { method, path } = routes[operation];
  const wire = { method, path: `${pathOf(path, params)}${queryOf(query)}` };
  if (body === undefined) return { ...wire, headers: present(headers) };
  const text = contentType === 'application/json' ? JSON.stringify(body) : String(body);
  return { ...wire, headers: { 'Content-Type': contentType, ...present(headers) }, body: text };
};

const credentials = async ({ token, storefrontKey }: ClientOptions): Promise<Record<string, string>> => {
  const bearer = typeof token === 'function' ? await token() : token;
  return {
    ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
    ...(storefrontKey === undefined ? {} : { 'X-Storefront-Key': storefrontKey }),
  };
};

const bodyOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (text === '') return undefined;
  return /[/+]json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
};

/**
 * A client of the API with a method for each operation. What it takes and answers is typed by the contracts themselves;
 * every answer is a value, told apart by its `status`, and only a fault of the network is thrown.
 *
 * ```ts
 * const client = createClient({ baseUrl, storefrontKey });
 * const answer = await client.placeOrder({ body: { customerEmail, items } });
 * if (answer.status === 201) console.log(answer.body.orderId);
 * else console.log(answer.body.title);
 * ```
 */
export const createClient = (options: ClientOptions): Client => {
  const { baseUrl, timeoutMs = 30_000, fetch: send = fetch } = options;
  const call = async <Name extends Operation>(operation: Name, request: RequestOf<Name>): Promise<AnswerOf<Name>> => {
    const { method, path, headers, body } = requestOf(operation, request);
    const response = await send(`${baseUrl.replace(/\/+$/, '')}${path}`, {
      method,
      headers: { ...(await credentials(options)), ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = { status: response.status, headers: response.headers, body: await bodyOf(response) };
    return answer as AnswerOf<Name>;
  };
  const methods = Object.keys(routes).map((operation) => [
    operation,
    (request: object = {}) => call(operation as Operation, request as RequestOf<Operation>),
  ]);
  return Object.fromEntries(methods) as Client;
};
