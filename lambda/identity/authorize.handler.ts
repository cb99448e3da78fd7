import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { guest } from '../kernel/caller';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { defaultTenant } from '../kernel/tenant';
import { authorizeEnv } from './env';
import { tenantStore } from './tenant.store';
import { verdict } from './verdict';

const env = readEnv(authorizeEnv);
const tenants = tenantStore(env.TENANTS_TABLE, documentClient());

const headerOf = ({ headers }: APIGatewayRequestAuthorizerEvent, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];

/** Tells API Gateway who calls: a guest in the shop of a storefront key, or nobody. */
export const handler = async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
  const key = headerOf(event, 'x-storefront-key');
  const tenant = key === undefined ? defaultTenant : await tenants.ofStorefront(key);
  const known = headerOf(event, 'authorization') === undefined ? tenant : undefined;
  logger.info('caller told', { allowed: known !== undefined });
  return verdict(known === undefined ? undefined : guest(known), event.methodArn);
};
