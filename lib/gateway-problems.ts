import type { Problem } from '../lambda/contracts/api/problem';
import type { Part } from './api-routes';
import type { StageConfig } from './config';
import { gatewayCorsHeaders } from './cors';

type GatewayProblem = Pick<Problem, 'title' | 'status' | 'detail'> & { readonly headers?: Record<string, string> };

const again = 'The request could not be handled. Try again with the same Idempotency-Key.';

/** API Gateway's own error responses. `DEFAULT_…` makes those not listed problem+json too. */
const problems = {
  UNAUTHORIZED: {
    title: 'TokenRequired',
    status: 401,
    detail: 'Send a token as Authorization: Bearer.',
    headers: { 'WWW-Authenticate': 'Bearer' },
  },
  ACCESS_DENIED: {
    title: 'InvalidToken', // the authorizer refuses only invalid credentials; routes return Forbidden
    status: 401,
    detail: 'The token or storefront key is invalid or has expired.',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  },
  MISSING_AUTHENTICATION_TOKEN: {
    title: 'NotFound', // API Gateway's name for an unknown route
    status: 404,
    detail: 'There is no such route. GET /docs describes the API.',
  },
  REQUEST_TOO_LARGE: { title: 'PayloadTooLarge', status: 413, detail: 'The request is too large.' },
  UNSUPPORTED_MEDIA_TYPE: {
    title: 'UnsupportedMediaType',
    status: 415,
    detail: 'Content-Type must be application/json.',
  },
  THROTTLED: {
    title: 'TooManyRequests',
    status: 429,
    detail: 'Too many requests at once.',
    headers: { 'Retry-After': '1' },
  },
  INTEGRATION_TIMEOUT: { title: 'InternalError', status: 504, detail: again },
  DEFAULT_4XX: { title: 'RequestRefused', status: 403, detail: 'The request was refused.' },
  DEFAULT_5XX: { title: 'InternalError', status: 500, detail: again }, // a failing authorizer's, too
} satisfies Record<string, GatewayProblem>;

const commonHeaders = {
  'Content-Type': 'application/problem+json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

const responseOf = (
  type: string,
  { headers, ...problem }: GatewayProblem,
  always: Readonly<Record<string, string>>,
): readonly [string, Part] => {
  const body = { type: `urn:problem:${problem.title}`, ...problem, correlationId: '$context.requestId' };
  const sent = Object.entries({ ...always, ...headers });
  const response = {
    statusCode: String(problem.status),
    responseParameters: Object.fromEntries(
      sent.map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
    ),
    responseTemplates: { 'application/json': JSON.stringify(body) },
  };
  return [type, response];
};

/** Returns API Gateway's own error responses as problem+json, like those of the handlers. */
export const gatewayResponses = (config: StageConfig): Part => {
  const always = { ...commonHeaders, ...gatewayCorsHeaders(config) };
  return Object.fromEntries(
    Object.entries<GatewayProblem>(problems).map(([type, problem]) => responseOf(type, problem, always)),
  );
};
