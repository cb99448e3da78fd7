import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Reply = { readonly status?: number; readonly type?: string; readonly body?: string };

/** What a fake AWS replies, by what is asked: a path, a service that was signed for, or an action. `undefined` hangs. */
export type Replies = (asked: string) => Reply | 'hang';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const part of request) body += part;
  return body;
};

const nameOf = (request: IncomingMessage, body: string): string =>
  new URLSearchParams(body).get('Action') ?? String(request.headers['x-amz-target'] ?? request.url);

const send = (response: ServerResponse, { status = 200, type = 'application/json', body = '' }: Reply): void => {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
};

/** Listens on loopback until it is closed. Keeps the signed calls that it was sent. */
export const startFakeAws = async (replies: Replies) => {
  const signedFor: string[] = [];
  const server = createServer(async (request, response) => {
    const reply = replies(nameOf(request, await bodyOf(request)));
    const [, service] = /Credential=test\/\d+\/us-east-1\/([\w-]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (service !== undefined) signedFor.push(service);
    if (reply !== 'hang') send(response, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { endpoint, signedFor, close };
};

const identity: Reply = {
  type: 'text/xml',
  body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
};
const absent: Reply = { status: 404, type: 'text/html', body: '<h1>Not found</h1>' };

/** As LocalStack's free edition says that it lacks a service. */
export const notIncluded: Reply = {
  status: 501,
  body: '{"__type":"InternalFailure","message":"The API for service cognito-idp is either not included in your current license plan or has not yet been emulated by LocalStack."}',
};

/** An AWS whose health is at one of these paths, and which answers `more`. */
export const awsWith =
  (health: Readonly<Record<string, string>>, more: Replies = () => ({ body: '{}' })): Replies =>
  (asked) => {
    if (asked === 'GetCallerIdentity') return identity;
    if (!asked.endsWith('/health')) return more(asked);
    const body = health[asked];
    return body === undefined ? absent : { body };
  };
