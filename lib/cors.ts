import type { Part } from './api-routes';
import type { StageConfig } from './config';

const headers = [
  'Accept-Language',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Prefer',
  'X-Correlation-Id',
  'X-Storefront-Key',
  'X-Tracking-Token',
];

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const hourInSeconds = 3600;

const headersFor = (origin: string): Readonly<Record<string, string>> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Methods': methods.join(','),
  'Access-Control-Allow-Headers': headers.join(','),
  'Access-Control-Max-Age': String(hourInSeconds),
  Vary: 'Origin',
});

/** Returns the template that allows the request's origin instead of the first one, when it is one of the others. */
const chooseAmong = (others: readonly string[]): Part =>
  others.length === 0
    ? {}
    : {
        responseTemplates: {
          'application/json': [
            '#set($origin = $input.params().header.get("Origin"))',
            '#if($origin == "")',
            '  #set($origin = $input.params().header.get("origin"))',
            '#end',
            `#if(${others.map((origin) => `$origin == "${origin}"`).join(' || ')})`,
            '  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)',
            '#end',
          ].join('\n'),
        },
      };

/** Returns the preflight operation of a path; none when no origin is allowed. */
export const preflight = ({ corsOrigins: [origin, ...others] }: StageConfig): Part => {
  if (origin === undefined) return {};
  const response = headersFor(origin);
  const names = Object.keys(response);
  const responseParameters = Object.entries(response).map(([name, value]) => [
    `method.response.header.${name}`,
    `'${value}'`,
  ]);
  return {
    options: {
      responses: {
        '204': {
          description: 'Preflight',
          headers: Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' } }])),
        },
      },
      'x-amazon-apigateway-integration': {
        type: 'mock',
        requestTemplates: { 'application/json': '{ statusCode: 200 }' },
        responses: {
          default: {
            statusCode: '204',
            responseParameters: Object.fromEntries(responseParameters),
            ...chooseAmong(others),
          },
        },
      },
    },
  };
};

/** Returns the CORS headers of API Gateway's own responses: `*` for several origins, as these cannot choose one. */
export const gatewayCorsHeaders = ({ corsOrigins: [origin, ...others] }: StageConfig): Record<string, string> =>
  origin === undefined ? {} : { 'Access-Control-Allow-Origin': others.length === 0 ? origin : '*', Vary: 'Origin' };
