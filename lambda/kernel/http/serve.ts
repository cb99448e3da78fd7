import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { asError } from '../error';
import { logger } from '../logger';
import { type Answer, isProblem, type ProblemAnswer, refuse, wrongFields } from './answer';
import { type Caller, callerFrom, countedFrom } from './caller';
import { leftOut, maxListed, pointerTo } from './input';
import { tooManyRequests } from './rate-limit';
import { type Incoming, incoming } from './request';
import { type Route, type ServedPolicy, scopeOf } from './route';

/** The checks before the routes of a function. */
export type Middleware = {
  /** Refuses an address over its rate limit, before any other check. @default the API's authorizer counts addresses */
  readonly limitAddress?: ((incoming: Incoming) => Promise<ProblemAnswer | undefined>) | undefined;
  /** Identifies the caller. @default the one that the API's authorizer verified */
  readonly callerOf?: (incoming: Incoming) => Promise<Caller | ProblemAnswer>;
  /** Refuses a caller over its rate limit. @default no limit */
  readonly limit?: (caller: Caller, incoming: Incoming) => Promise<ProblemAnswer | undefined>;
  /** Origins whose pages may call the API. @default none */
  readonly origins?: readonly string[];
};

const security = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};

const exposed = 'etag, location, link, retry-after, idempotency-replayed, preference-applied, x-correlation-id';

const corsOf = ({ origins = [] }: Middleware, { header }: Incoming): Record<string, string> => {
  const origin = header('origin');
  if (origins.length === 0) return {};
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return { vary: 'origin' };
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'origin' };
};

const problemBody = ({ status, problem, detail, errors, members }: ProblemAnswer, correlationId: string) =>
  JSON.stringify({ type: `urn:problem:${problem}`, title: problem, status, detail, correlationId, errors, ...members });

const bodyOf = (body: unknown, contentType: string) =>
  contentType === 'application/json' ? JSON.stringify(body) : String(body);

const toResult = (answer: Answer, { correlationId }: Incoming, cors: Record<string, string>): APIGatewayProxyResult => {
  const headers = { ...security, ...cors, 'x-correlation-id': correlationId, ...answer.headers };
  if ('problem' in answer) {
    const problemHeaders = { 'content-type': 'application/problem+json', ...headers };
    return { statusCode: answer.status, headers: problemHeaders, body: problemBody(answer, correlationId) };
  }
  if (answer.body === undefined) return { statusCode: answer.status, headers, body: '' };
  const contentType = answer.headers?.['content-type'] ?? 'application/json';
  return {
    statusCode: answer.status,
    headers: { ...headers, 'content-type': contentType },
    body: bodyOf(answer.body, contentType),
  };
};

const unknownParameters = ({ query }: Incoming, { query: known = [] }: ServedPolicy): ProblemAnswer | undefined => {
  if (known === 'any') return undefined;
  const names = Object.keys(query).filter((name) => !known.includes(name));
  if (names.length === 0) return undefined;
  const errors = names
    .slice(0, maxListed)
    .map((name) => ({ pointer: `/query${pointerTo([name])}`, detail: 'unknown field' }));
  return wrongFields(errors, `The request has unknown query parameters.${leftOut(names.length)}`);
};

const verified = async ({ authorizer }: Incoming): Promise<Caller> => callerFrom(authorizer);

/** Refuses an address over its rate limit. Requests that the API's authorizer has counted are not counted again. */
const limitByAddress = async ({ limitAddress }: Middleware, request: Incoming): Promise<ProblemAnswer | undefined> => {
  const { counted, retryAfter } = countedFrom(request.authorizer);
  if (retryAfter !== undefined)
    return tooManyRequests(
      'Your address sends too many requests. Try again after the seconds in Retry-After.',
      retryAfter,
    );
  return counted ? undefined : limitAddress?.(request);
};

const answerOf = async (
  policy: ServedPolicy,
  route: Route,
  middleware: Middleware,
  request: Incoming,
): Promise<Answer> => {
  const { callerOf = verified, limit = async () => undefined } = middleware;
  const caller = await callerOf(request);
  if (isProblem(caller)) return caller;
  const tooMany = await limit(caller, request); // before a refusal: the authorizer counts no address while it has the token cached
  if (tooMany !== undefined) return tooMany;
  const scope = scopeOf(policy, caller);
  if (isProblem(scope)) return scope;
  return unknownParameters(request, policy) ?? (await route({ ...request, caller, scope }));
};

/** Returns 405 for a method that a path does not have; `methods` are those that it has. */
export const methodNotAllowed = (method: string, methods: readonly string[]): ProblemAnswer => {
  const allow = methods.join(', ');
  return refuse('MethodNotAllowed', `This path accepts ${allow}, not ${method}.`, { headers: { allow } });
};

/** Throws for a path that is not in the table or a method of another function: API Gateway is wired wrongly. */
const refuseMethod = (
  table: Readonly<Record<string, ServedPolicy>>,
  { httpMethod, resource }: APIGatewayProxyEvent,
): ProblemAnswer => {
  const methods = Object.values(table).flatMap(({ method, path }) => (path === resource ? [method] : []));
  if (methods.length === 0 || methods.some((method) => method === httpMethod))
    throw new Error(`no route for ${httpMethod} ${resource}`);
  return methodNotAllowed(httpMethod, methods);
};

/** The response to an internal fault. */
export const broken: ProblemAnswer = {
  status: 500,
  problem: 'InternalError',
  detail: 'The request could not be handled. Try again with the same Idempotency-Key.',
};

/**
 * Makes the handler of a function's routes: it limits rates, finds the route, checks the policy of `table`, logs one
 * line per request, and turns a throw into a 500 without details.
 */
export const serve = <Name extends string>(
  table: Readonly<Record<Name, ServedPolicy>>,
  routes: Readonly<Partial<Record<NoInfer<Name>, Route>>>,
  middleware: Middleware = {},
) => {
  const served = new Map<string, { name: string; policy: ServedPolicy; route: Route }>();
  for (const [name, route] of Object.entries(routes) as [Name, Route][]) {
    const policy = table[name];
    served.set(`${policy.method} ${policy.path}`, { name, policy, route });
  }

  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const request = incoming(event);
    const { correlationId } = request;
    const cors = corsOf(middleware, request);
    const found = served.get(`${event.httpMethod} ${event.resource}`);
    const route = found?.name ?? 'unknown';
    try {
      const answer =
        (await limitByAddress(middleware, request)) ??
        (found === undefined
          ? refuseMethod(table, event)
          : await answerOf(found.policy, found.route, middleware, request));
      logger.info('request answered', { route, correlationId, status: answer.status });
      return toResult(answer, request, cors);
    } catch (thrown) {
      logger.error('request failed', { route, correlationId, error: asError(thrown) });
      return toResult(broken, request, cors);
    }
  };
};
