import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { http, type Route } from '../../lambda/kernel/http';

type Call = {
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  readonly query?: Record<string, string>;
};

/** A request as API Gateway gives it to Lambda. */
export const apiEvent = ({ body, headers = {}, pathParameters, query }: Call): APIGatewayProxyEvent =>
  ({
    body: body ?? null,
    headers,
    pathParameters: pathParameters ?? null,
    queryStringParameters: query ?? null,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1' },
  }) as unknown as APIGatewayProxyEvent;

/** Sends a request through the HTTP edge to a route. */
export const call = async (route: Route, request: Call) => {
  const result: APIGatewayProxyResult = await http('test', route)(apiEvent(request));
  return { status: result.statusCode, headers: result.headers ?? {}, body: JSON.parse(result.body) };
};
