import { askAuthorizer, askStanding } from '../kernel/ask-authorizer';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { invokeFunction } from '../kernel/invoke-function';
import { addressLimiter, rateLimiter } from '../kernel/rate-limit';
import { leaseStore } from '../kernel/rate-limit.store';
import { connectionGateway } from './connection.gateway';
import { connectionStore } from './connection.store';
import { serveConnectionsEnv } from './env';
import { orderGateway } from './order.gateway';
import { serveConnections } from './serve-connections';

const env = readEnv(serveConnectionsEnv);
const { RATE_LIMITS_TABLE } = readEnv(edgeEnv);
const db = documentClient();
const limits = { lease: leaseStore(RATE_LIMITS_TABLE, db).lease, now: Date.now };
const handshakesPerMinute = 3000; // each asks the authorizer

export const handler = serveConnections({
  connections: connectionStore(env.CONNECTIONS_TABLE, db),
  callerOf: askAuthorizer(invokeFunction(env.AUTHORIZER_FUNCTION)),
  stands: askStanding(invokeFunction(env.AUTHORIZER_FUNCTION)),
  standsNow: askStanding(invokeFunction(env.AUTHORIZER_FUNCTION), { fresh: true }),
  limitAddress: addressLimiter(limits, handshakesPerMinute),
  limit: rateLimiter(limits),
  findOrder: orderGateway(invokeFunction(env.ORDER_FUNCTION)),
  gateway: connectionGateway({ apiId: env.API_ID, stage: env.API_STAGE }),
  now: () => new Date(),
});
