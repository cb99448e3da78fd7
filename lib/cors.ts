import type { Part } from './api-routes';
import type { StageConfig } from './config';

/** The origins as functions read them from their variable: `originsEnv` of `lambda/kernel/http/middleware.ts`. */
export const originsVariable = ({ corsOrigins }: Pick<StageConfig, 'corsOrigins'>): string =>
  corsOrigins.join(' ') || 'none';

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

const told = (origin: string): Readonly<Record<string, string>> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Methods': methods.join(','),
  'Access-Control-Allow-Headers': headers.join(','),
  'Access-Control-Max-Age': String(hourInSeconds),
  Vary: 'Origin',
});

/** Names the asking page's origin instead of the first one, when it is one of the others. */
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

/** What browsers are told that ask first whether a page may call the API; nothing when no origin may. */
export const preflight = ({ corsOrigins: [origin, ...others] }: StageConfig, parameters: readonly Part[]): Part => {
  if (origin === undefined) return {};
  const answer = told(origin);
  const names = Object.keys(answer);
  const responseParameters = Object.entries(answer).map(([name, value]) => [
    `method.response.header.${name}`,
    `'${value}'`,
  ]);
  return {
    options: {
      parameters,
      responses: {
        '204': {
          description: 'What a page may send',
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

/** What API Gateway's own answers say to pages. They cannot choose among several origins, and hold nothing secret. */
export const gatewayCorsHeaders = ({ corsOrigins: [origin, ...others] }: StageConfig): Record<string, string> =>
  origin === undefined ? {} : { 'Access-Control-Allow-Origin': others.length === 0 ? origin : '*', Vary: 'Origin' };
