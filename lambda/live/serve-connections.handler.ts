import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { askAuthorizer, askValidity } from '../kernel/http/ask-authorizer';
import { middlewareEnv } from '../kernel/http/middleware';
import { addressLimiter, rateLimiter } from '../kernel/http/rate-limit';
import { leaseStore } from '../kernel/http/rate-limit.store';
import { serveConnections } from './connect';
import { connectionGateway, orderGateway } from './connection.gateway';
import { connectionStore } from './connection.store';
import { serveConnectionsEnv } from './env';

const env = readEnv(serveConnectionsEnv);
const { RATE_LIMITS_TABLE } = readEnv(middlewareEnv);
const db = documentClient();
const limits = { lease: leaseStore(RATE_LIMITS_TABLE, db).lease, now: Date.now };
const handshakesPerMinute = 3000; // each calls the authorizer

export const handler = serveConnections({
  connections: connectionStore(env.CONNECTIONS_TABLE, db),
  callerOf: askAuthorizer(invokeFunction(env.AUTHORIZER_FUNCTION)),
  isValidCredential: askValidity(invokeFunction(env.AUTHORIZER_FUNCTION)),
  isValidCredentialNow: askValidity(invokeFunction(env.AUTHORIZER_FUNCTION), { fresh: true }),
  limitAddress: addressLimiter(limits, handshakesPerMinute),
  limit: rateLimiter(limits),
  findOrder: orderGateway(invokeFunction(env.ORDER_FUNCTION)),
  gateway: connectionGateway({ apiId: env.API_ID, stage: env.API_STAGE }),
  now: () => new Date(),
});
