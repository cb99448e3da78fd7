import { GetOrderQuery } from '../../contracts/order-api';
import type { Operation } from '../../contracts/routes';
import { authorizerContext, type Caller } from '../../kernel/http/caller';
import { type Answer, isProblem, methodNotAllowed, type Request, type Route } from '../../kernel/http/http';
import { parseQuery } from '../../kernel/http/input';
import { bodyLength } from '../../kernel/http/request';
import { type WaitDeps, waitUntil } from '../../kernel/http/wait-limit';
import { busy, refuse } from '../identity.http';
import type { Answered } from './route.gateway';
import { methodsAt, type RouteAt, routeAt } from './route.gateway';
import { callerOf, type SessionDeps, safely, sessionRequired, withCookie, wrongCsrfToken } from './session.http';
import { type ResumedSession, resumeSession } from './session-service';

export type ProxyDeps = SessionDeps & {
  readonly waiting: WaitDeps;
  /** Hands a request to the function of an operation, as API Gateway would. */
  readonly forward: (operation: Operation, event: unknown) => Promise<Answered>;
};

const maxBytes = 4 * 1024 * 1024; // a request to a function has 6 MB at most, in which every quote is two characters

/** What of a page's request is for the operation. Its cookies and credentials are for nobody but us. */
const asked = [
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

/** What of an answer is for the page. */
const told = [
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
const unknownShop = refuse('UnknownStorefrontKey', 'X-Storefront-Key is not the key of a storefront.');

/** The request as API Gateway would hand it over, from where it really comes: only we are let in by this way. */
const eventOf = ({ policy, pathParameters }: RouteAt, path: string, request: Request, caller: Caller) => {
  const { header, query, body, bytes, sourceIp, correlationId, traceparent } = request;
  const given = asked.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    httpMethod: policy.method,
    resource: policy.path,
    path: `/${path}`,
    headers: {
      ...Object.fromEntries(given),
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
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => told.includes(name));
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const isJson = kept.some(([name, value]) => name === 'content-type' && value === 'application/json');
  return {
    status: statusCode,
    headers: Object.fromEntries(kept),
    ...(text === '' ? {} : { body: isJson ? JSON.parse(text) : text }),
  };
};

const versionOf = (etag: string | undefined): number => Number(/^"(\d+)"$/.exec(etag ?? '')?.[1] ?? Number.NaN);

/**
 * Asks the operation's function. A page waits for a version here, where its request is anyhow: two functions would wait
 * otherwise. What is wrong with the version is for the operation to say.
 */
const askFor = async (deps: ProxyDeps, found: RouteAt, path: string, request: Request): Promise<Answer> => {
  const read = async (asked: Request) =>
    answerFrom(await deps.forward(found.operation, eventOf(found, path, asked, asked.caller)));
  const parsed = found.operation === 'getOrder' ? parseQuery(request, GetOrderQuery) : undefined;
  if (parsed === undefined || isProblem(parsed) || parsed.query.waitForVersion === undefined) return read(request);
  const { waitForVersion } = parsed.query;
  const { waitForVersion: _, ...query } = request.query;
  return waitUntil(deps.waiting, request, {
    read: () => read({ ...request, query }),
    isEnough: ({ status, headers }) => ![200, 304].includes(status) || !(versionOf(headers?.etag) < waitForVersion),
  });
};

const isCsrfSafe = ({ seal }: ProxyDeps, { session }: ResumedSession, method: string, { header }: Request): boolean =>
  method === 'GET' || seal.isCsrfToken(session.sessionId, header('x-csrf-token'));

const noRouteAt = (method: string, path: string): Answer => {
  const methods = methodsAt(path);
  return methods.length === 0 ? noRoute : methodNotAllowed(method, methods);
};

type Ask = (caller: Caller) => Promise<Answer>;

const asGuest = async (deps: ProxyDeps, { header }: Request, ask: Ask): Promise<Answer> => {
  const caller = await deps.authorize(undefined, header('x-storefront-key'));
  return caller === undefined ? unknownShop : ask(caller);
};

const asHolder = async (deps: ProxyDeps, held: ResumedSession, isSafe: boolean, ask: Ask): Promise<Answer> => {
  if (!isSafe) return wrongCsrfToken;
  const caller = await callerOf(deps, held);
  return caller === undefined ? sessionRequired : ask(caller);
};

/**
 * Every operation of the API for pages: as whoever has the session of the cookie, or as a guest without one. A cookie that
 * is good for nothing never makes a guest of its sender.
 */
export const sessionProxyRoute = (deps: ProxyDeps, method: string): Route =>
  safely(async (request) => {
    const path = request.pathParameter('proxy');
    const found = routeAt(method, path);
    if (found === undefined) return noRouteAt(method, path);
    if (bodyLength(request) > maxBytes) return tooLarge;
    const ask: Ask = (caller) => askFor(deps, found, path, { ...request, caller });
    const held = await resumeSession(deps, request.header('cookie'));
    if (held === 'busy') return busy;
    if (held === 'ended') return sessionRequired;
    if (held === 'none') return asGuest(deps, request, ask);
    const isSafe = isCsrfSafe(deps, held, method, request);
    return withCookie(held, request, () => asHolder(deps, held, isSafe, ask));
  });
