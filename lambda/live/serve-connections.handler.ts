import { askAuthorizer } from '../kernel/ask-authorizer';
import { askService } from '../kernel/ask-service';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { rateLimiter } from '../kernel/rate-limit';
import { leaseStore } from '../kernel/rate-limit.store';
import { connectionGateway } from './connection.gateway';
import { connectionStore } from './connection.store';
import { serveConnectionsEnv } from './env';
import { orderGateway } from './order.gateway';
import { serveConnections } from './serve-connections';

const env = readEnv(serveConnectionsEnv);
const { RATE_LIMITS_TABLE } = readEnv(edgeEnv);
const db = documentClient();
const region = env.API_REGION;

export const handler = serveConnections({
  connections: connectionStore(env.CONNECTIONS_TABLE, db),
  callerOf: askAuthorizer({ url: env.AUTHORIZER_URL, region }),
  limit: rateLimiter({ lease: leaseStore(RATE_LIMITS_TABLE, db).lease, now: Date.now }),
  findOrder: orderGateway(askService({ url: env.ORDER_URL, region })),
  gateway: connectionGateway({ url: env.CONNECTIONS_URL, region }),
  now: () => new Date(),
});
