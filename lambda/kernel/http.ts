import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { asError } from './as-error';
import { logger } from './logger';
import { traceparentOf } from './trace';

/** A request as routes see it: header names in lower case, body not yet parsed. */
export type Request = {
  readonly header: (name: string) => string | undefined;
  readonly pathParameter: (name: string) => string;
  readonly body: string;
  /** Names the request in every log line and event that comes of it. */
  readonly correlationId: string;
  readonly traceparent: string | undefined;
};

/** An error that the caller may see. `name` becomes the problem's `type` and `title`. */
export type ProblemAnswer = {
  readonly status: number;
  readonly problem: string;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; detail: string }[];
  readonly headers?: Record<string, string>;
};

export type Answer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | ProblemAnswer;

export type Route = (request: Request) => Promise<Answer>;

const security = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};

const toResult = (answer: Answer, correlationId: string): APIGatewayProxyResult => {
  const headers = { ...security, 'x-correlation-id': correlationId, ...answer.headers };
  if (!('problem' in answer)) {
    return {
      statusCode: answer.status,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(answer.body),
    };
  }
  const { status, problem, detail, errors } = answer;
  const body = { type: `urn:problem:${problem}`, title: problem, status, detail, correlationId, errors };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(body),
  };
};

const ownCorrelationId = /^[A-Za-z0-9._-]{8,128}$/;

/** Header names in lower case. One that came more than once has all its values, as RFC 9110 joins them. */
const headersOf = ({ headers, multiValueHeaders }: APIGatewayProxyEvent): Map<string, string> => {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const values = multiValueHeaders?.[name]?.join(', ') ?? value;
    if (values !== undefined) all.set(name.toLowerCase(), values);
  }
  return all;
};

const toRequest = (event: APIGatewayProxyEvent): Request => {
  const headers = headersOf(event);
  const header = (name: string) => headers.get(name);
  const given = header('x-correlation-id') ?? '';
  return {
    header,
    pathParameter: (name) => event.pathParameters?.[name] ?? '',
    body: event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? ''),
    correlationId: ownCorrelationId.test(given) ? given : event.requestContext.requestId,
    traceparent: traceparentOf(header('traceparent'), header('x-amzn-trace-id')),
  };
};

const maxBodyBytes = 64 * 1024;
const maxFieldErrors = 100; // a body of ten thousand wrong fields is not answered with ten thousand lines
const jsonType = /^application\/json\s*(;\s*charset=utf-8\s*)?$/i;

/** RFC 6901. */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const refuse = (status: number, problem: string, detail: string): ProblemAnswer => ({ status, problem, detail });

/** No route takes query parameters yet: one that is sent is a mistake that its sender wants to hear of. */
const unknownParameters = ({ queryStringParameters }: APIGatewayProxyEvent): ProblemAnswer | undefined => {
  const names = Object.keys(queryStringParameters ?? {});
  if (names.length === 0) return undefined;
  const errors = names
    .slice(0, maxFieldErrors)
    .map((name) => ({ pointer: pointer(['query', name]), detail: 'unknown field' }));
  return { ...refuse(400, 'ValidationFailed', 'The request has unknown query parameters.'), errors };
};

/** The one edge of a route: logs one line per request, and turns a throw into a 500 that tells the caller nothing. */
export const http =
  (name: string, route: Route) =>
  async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const request = toRequest(event);
    const { correlationId } = request;
    try {
      const answer = unknownParameters(event) ?? (await route(request));
      logger.info('request answered', { route: name, correlationId, status: answer.status });
      return toResult(answer, correlationId);
    } catch (thrown) {
      logger.error('request failed', { route: name, correlationId, error: asError(thrown) });
      const detail = 'The request could not be handled. Try again with the same Idempotency-Key.';
      return toResult({ status: 500, problem: 'InternalError', detail }, correlationId);
    }
  };

/** Every wrong field with where it is; a field that no contract knows is named itself. */
export const fieldErrors = (issues: readonly z.core.$ZodIssue[], root = ''): { pointer: string; detail: string }[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: root + pointer([...issue.path, key]), detail: 'unknown field' }))
      : [{ pointer: root + pointer(issue.path), detail: issue.message }],
  );

/** Parses the JSON body by its contract, or says all that is wrong with it. */
export const parseBody = <Body>(request: Request, schema: z.ZodType<Body>): { body: Body } | ProblemAnswer => {
  if (!jsonType.test(request.header('content-type') ?? '')) {
    return refuse(415, 'UnsupportedMediaType', 'Content-Type must be application/json.');
  }
  if (Buffer.byteLength(request.body) > maxBodyBytes) {
    return refuse(413, 'PayloadTooLarge', `The body must not be larger than ${maxBodyBytes} bytes.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return refuse(400, 'MalformedJson', 'The body is not valid JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { body: parsed.data };
  const errors = fieldErrors(parsed.error.issues).slice(0, maxFieldErrors);
  return { ...refuse(400, 'ValidationFailed', 'The body has wrong fields.'), errors };
};
