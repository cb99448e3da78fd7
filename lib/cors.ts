import { Duration } from 'aws-cdk-lib';
import type { CorsOptions } from 'aws-cdk-lib/aws-apigateway';
import type { StageConfig } from './config';

/** The origins as functions read them from their variable: `originsEnv` of `lambda/kernel/origins.ts`. */
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

/** What browsers are told that ask first whether a page may call the API; nothing when no origin may. */
export const preflight = ({ corsOrigins }: StageConfig): CorsOptions | undefined =>
  corsOrigins.length === 0
    ? undefined
    : {
        allowOrigins: [...corsOrigins],
        allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowHeaders: headers,
        maxAge: Duration.hours(1),
      };

/** What API Gateway's own answers say to pages. They cannot choose among several origins, and hold nothing secret. */
export const gatewayCorsHeaders = ({ corsOrigins: [origin, ...others] }: StageConfig): Record<string, string> =>
  origin === undefined ? {} : { 'Access-Control-Allow-Origin': others.length === 0 ? origin : '*', Vary: 'Origin' };
