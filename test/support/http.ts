import type { APIGatewayProxyEvent } from 'aws-lambda';
import { routes } from '../../lambda/contracts/api/routes';
import { authorizerContext, type Caller, guest } from '../../lambda/kernel/http/caller';
import type { Route } from '../../lambda/kernel/http/route';
import { type Middleware, serve } from '../../lambda/kernel/http/serve';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { assertDocumented } from './documented';

export type Operation = keyof typeof routes;

type Call = {
  readonly operation?: Operation;
  /** Bytes are handed over as API Gateway hands over binary media types. */
  readonly body?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Whom the authorizer verified. @default a guest of the default tenant */
  readonly caller?: Caller;
  /** The address that it comes from. @default none */
  readonly sourceIp?: string | undefined;
};

const textOf = (body: Call['body']): string | null =>
  body instanceof Uint8Array ? Buffer.from(body).toString('base64') : (body ?? null);

/** A request as API Gateway gives it to Lambda. */
export const apiEvent = ({ operation = 'placeOrder', caller = guest(defaultTenant), ...call }: Call) => {
  const { method, path } = routes[operation];
  const event = {
    httpMethod: method,
    resource: path,
    body: textOf(call.body),
    headers: call.headers ?? {},
    pathParameters: call.pathParameters ?? null,
    queryStringParameters: call.query ?? null,
    isBase64Encoded: call.body instanceof Uint8Array,
    requestContext: {
      requestId: 'request-1',
      authorizer: authorizerContext(caller),
      ...(call.sourceIp === undefined ? {} : { identity: { sourceIp: call.sourceIp } }),
    },
  };
  return event as unknown as APIGatewayProxyEvent;
};

const bodyOf = (text: string, contentType: unknown): unknown => {
  if (text === '') return undefined;
  return /json/.test(String(contentType)) ? JSON.parse(text) : text;
};

/** Sends a request through the HTTP middleware to a route. An answer that the API's description does not have is an error. */
export const call = async (route: Route, request: Call, middleware: Middleware = {}) => {
  const { operation = 'placeOrder' } = request;
  const {
    statusCode,
    headers = {},
    body: text,
  } = await serve(routes, { [operation]: route }, middleware)(apiEvent(request));
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer holds
  const body: any = bodyOf(text, headers['content-type']);
  assertDocumented({ operation, status: statusCode, headers, body });
  return { status: statusCode, headers, body };
};
