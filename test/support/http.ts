import type { APIGatewayProxyEvent } from 'aws-lambda';
import { routes } from '../../lambda/contracts/routes';
import { authorizerContext, type Caller, guest } from '../../lambda/kernel/caller';
import { type Edge, type Route, serve } from '../../lambda/kernel/http';
import { defaultTenant } from '../../lambda/kernel/tenant';

export type Operation = keyof typeof routes;

type Call = {
  readonly operation?: Operation;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Whom the authorizer verified. @default a guest of the default tenant */
  readonly caller?: Caller;
};

/** A request as API Gateway gives it to Lambda. */
export const apiEvent = ({ operation = 'placeOrder', caller = guest(defaultTenant), ...call }: Call) => {
  const { method, path } = routes[operation];
  const event = {
    httpMethod: method,
    resource: path,
    body: call.body ?? null,
    headers: call.headers ?? {},
    pathParameters: call.pathParameters ?? null,
    queryStringParameters: call.query ?? null,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', authorizer: authorizerContext(caller) },
  };
  return event as unknown as APIGatewayProxyEvent;
};

/** Sends a request through the HTTP edge to a route. */
export const call = async (route: Route, request: Call, edge: Edge = {}) => {
  const result = await serve(routes, { [request.operation ?? 'placeOrder']: route }, edge)(apiEvent(request));
  return {
    status: result.statusCode,
    headers: result.headers ?? {},
    body: result.body === '' ? undefined : JSON.parse(result.body),
  };
};
