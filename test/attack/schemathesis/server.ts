import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type Operation, type Policy, routes } from '../../../lambda/contracts/api/routes';
import { authorizerContext, type Caller, guest } from '../../../lambda/kernel/http/caller';
import type { Route } from '../../../lambda/kernel/http/route';
import { serve } from '../../../lambda/kernel/http/serve';
import { defaultTenant } from '../../../lambda/kernel/tenant';
import { servedRoutes } from '../../api/served-routes';

/** Who calls, by the bearer token. */
const callers: Readonly<Record<string, Caller>> = {
  staff: { tenant: defaultTenant, userId: 'user-1', email: 'staff@example.com', roles: ['staff'] },
  'tenant-admin': { tenant: defaultTenant, userId: 'user-3', email: 'admin@example.com', roles: ['tenant-admin'] },
};

const table = Object.entries<Policy>(routes).map(([operation, { path }]) => ({
  operation: operation as Operation,
  path,
  parts: path.slice(1).split('/'),
}));

/** The path of the policy table that a request's path is one of, with its parameters; a literal part before a parameter. */
const resourceAt = (pathname: string) => {
  const given = pathname.slice(1).split('/');
  const fitting = table.filter(
    ({ parts }) =>
      parts.length === given.length && parts.every((part, at) => part.startsWith('{') || part === given[at]),
  );
  const found = fitting.find(({ parts }) => !parts.some((part) => part.startsWith('{'))) ?? fitting[0];
  if (found === undefined) return undefined;
  const named = found.parts.flatMap((part, at) =>
    part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(given[at] ?? '')]] : [],
  );
  return { resource: found.path, pathParameters: Object.fromEntries(named) as Record<string, string> };
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const binary = /^(text\/csv)/;

/** A request as API Gateway hands it over. */
const eventOf = async (request: IncomingMessage): Promise<APIGatewayProxyEvent | undefined> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const at = resourceAt(pathname);
  if (at === undefined) return undefined;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  const body = await bodyOf(request);
  const isBase64Encoded = binary.test(headers['content-type'] ?? '');
  const caller = callers[(headers.authorization ?? '').replace(/^Bearer /, '')] ?? guest(defaultTenant);
  const event = {
    ...at,
    httpMethod: request.method,
    path: pathname,
    headers,
    queryStringParameters: searchParams.size === 0 ? null : Object.fromEntries(searchParams),
    body: body.length === 0 ? null : body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    requestContext: {
      requestId: 'request-1',
      authorizer: authorizerContext(caller),
      identity: { sourceIp: '127.0.0.1' },
    },
  };
  return event as unknown as APIGatewayProxyEvent;
};

const noRoute = {
  statusCode: 404,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({
    type: 'urn:problem:NotFound',
    title: 'NotFound',
    status: 404,
    detail: 'There is no such route. GET /docs describes the API.',
  }),
};

/** Every route of the API in this process, over stores in memory, as API Gateway would serve it on a port of loopback. */
export const serveApi = async (): Promise<{ readonly server: Server; readonly url: string }> => {
  let served: Record<Operation, Route> = await servedRoutes();
  let handle = serve(routes, served);
  let count = 0;
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    count += 1;
    if (count % 500 === 0) {
      served = await servedRoutes(); // what was changed is as it was before
      handle = serve(routes, served);
    }
    const event = await eventOf(request);
    const { statusCode, headers, body } = event === undefined ? noRoute : await handle(event);
    response.writeHead(statusCode, headers as Record<string, string>);
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};
