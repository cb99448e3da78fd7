import { GetOrderQuery } from '../../contracts/api/order-api';
import { type Answer, isProblem, refuse } from '../../kernel/http/answer';
import { authorizerContext, type Caller } from '../../kernel/http/caller';
import { parseQuery } from '../../kernel/http/input';
import { bodyLength } from '../../kernel/http/request';
import type { Request, Route } from '../../kernel/http/route';
import type { Answered, Forward } from '../../kernel/http/route-functions';
import { methodNotAllowed } from '../../kernel/http/serve';
import { type WaitDeps, waitUntil } from '../../kernel/http/wait-limit';
import { busy } from '../identity.http';
import { methodsAt, type RouteAt, routeAt } from './route-table';
import { callerOf, type SessionDeps, safely, sessionRequired, withCookie, wrongCsrfToken } from './session.http';
import { type ResumedSession, resumeSession } from './session-service';

export type ProxyDeps = SessionDeps & {
  readonly waiting: WaitDeps;
  /** Forwards a request to the function of an operation, as API Gateway would. */
  readonly forward: Forward;
};

const maxBytes = 4 * 1024 * 1024; // an invocation holds 6 MB, in which every quote is escaped

/** The request headers that are forwarded. Cookies and credentials are not. */
const requestHeaders = [
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'prefer',
  'user-agent',
  'x-storefront-key',
  'x-tracking-token',
];

/** The response headers that are returned to the page. */
const responseHeaders = [
  'cache-control',
  'content-disposition',
  'content-security-policy',
  'content-type',
  'etag',
  'idempotency-replayed',
  'link',
  'location',
  'preference-applied',
  'referrer-policy',
  'retry-after',
];

const noRoute = refuse('NotFound', 'There is no such route.');
const tooLarge = refuse('PayloadTooLarge', `The body must not be larger than ${maxBytes} bytes.`);
const unknownShop = refuse('UnknownStorefrontKey', 'The X-Storefront-Key is unknown.');

/** Returns the event that API Gateway would send, with the original source address. */
const eventOf = ({ policy, pathParameters }: RouteAt, path: string, request: Request, caller: Caller) => {
  const { header, query, body, bytes, sourceIp, correlationId, traceparent } = request;
  const forwarded = requestHeaders.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    httpMethod: policy.method,
    resource: policy.path,
    path: `/${path}`,
    headers: {
      ...Object.fromEntries(forwarded),
      'x-correlation-id': correlationId,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    multiValueHeaders: null,
    queryStringParameters: query,
    multiValueQueryStringParameters: null,
    pathParameters,
    ...(bytes === undefined
      ? { body: body === '' ? null : body, isBase64Encoded: false }
      : { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true }),
    requestContext: {
      requestId: correlationId,
      resourcePath: policy.path,
      httpMethod: policy.method,
      identity: { sourceIp },
      authorizer: authorizerContext(caller),
    },
  };
};

const answerFrom = ({ statusCode, headers, body, isBase64Encoded }: Answered): Answer => {
  const returned = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => responseHeaders.includes(name));
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const isJson = returned.some(([name, value]) => name === 'content-type' && value === 'application/json');
  return {
    status: statusCode,
    headers: Object.fromEntries(returned),
    ...(text === '' ? {} : { body: isJson ? JSON.parse(text) : text }),
  };
};

const versionOf = (etag: string | undefined): number => Number(/^"(\d+)"$/.exec(etag ?? '')?.[1] ?? Number.NaN);

/**
 * Forwards the request to the operation's function. `waitForVersion` is handled here, so that only one function waits.
 * An invalid version is passed on, and the operation reports it.
 */
const callOperation = async (deps: ProxyDeps, found: RouteAt, path: string, request: Request): Promise<Answer> => {
  const read = async (forwarded: Request) =>
    answerFrom(await deps.forward(found.operation, eventOf(found, path, forwarded, forwarded.caller)));
  const parsed = found.operation === 'getOrder' ? parseQuery(request, GetOrderQuery) : undefined;
  if (parsed === undefined || isProblem(parsed) || parsed.query.waitForVersion === undefined) return read(request);
  const { waitForVersion } = parsed.query;
  const { waitForVersion: _, ...query } = request.query;
  return waitUntil(deps.waiting, request, {
    read: () => read({ ...request, query }),
    isEnough: ({ status, headers }) => ![200, 304].includes(status) || !(versionOf(headers?.etag) < waitForVersion),
  });
};

const isCsrfSafe = (
  { encryption }: ProxyDeps,
  { session }: ResumedSession,
  method: string,
  { header }: Request,
): boolean => method === 'GET' || encryption.isCsrfToken(session.sessionId, header('x-csrf-token'));

const noRouteAt = (method: string, path: string): Answer => {
  const methods = methodsAt(path);
  return methods.length === 0 ? noRoute : methodNotAllowed(method, methods);
};

type Call = (caller: Caller) => Promise<Answer>;

const asGuest = async (deps: ProxyDeps, { header }: Request, call: Call): Promise<Answer> => {
  const caller = await deps.authorize(undefined, header('x-storefront-key'));
  return caller === undefined ? unknownShop : call(caller);
};

const asUser = async (deps: ProxyDeps, resumed: ResumedSession, isSafe: boolean, call: Call): Promise<Answer> => {
  if (!isSafe) return wrongCsrfToken;
  const caller = await callerOf(deps, resumed);
  return caller === undefined ? sessionRequired : call(caller);
};

/**
 * Serves every operation of the API to pages: as the user of the session cookie, or as a guest without one. An invalid
 * cookie never falls back to a guest.
 */
export const sessionProxyRoute = (deps: ProxyDeps, method: string): Route =>
  safely(async (request) => {
    const path = request.pathParameter('proxy');
    const found = routeAt(method, path);
    if (found === undefined) return noRouteAt(method, path);
    if (bodyLength(request) > maxBytes) return tooLarge;
    const call: Call = (caller) => callOperation(deps, found, path, { ...request, caller });
    const resumed = await resumeSession(deps, request.header('cookie'));
    if (resumed === 'busy') return busy;
    if (resumed === 'ended') return sessionRequired;
    if (resumed === 'none') return asGuest(deps, request, call);
    const isSafe = isCsrfSafe(deps, resumed, method, request);
    return withCookie(resumed, request, () => asUser(deps, resumed, isSafe, call));
  });
