import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { routes } from '../contracts/api/routes';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { middlewareEnv, openMiddlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { healthEnv } from './env';
import { healthRoute } from './health.http';

const env = readEnv(healthEnv);
const probeClient = { maxAttempts: 1, requestHandler: { connectionTimeout: 1000, requestTimeout: 2000 } };
const db = documentClient(new DynamoDBClient(probeClient));
const sns = new SNSClient(probeClient);

const probesPerMinute = 600; // each request checks three dependencies

export const handler = serve(
  routes,
  {
    health: healthRoute(
      env.BUILD,
      {
        orders: () =>
          db.send(new GetCommand({ TableName: env.ORDERS_TABLE, Key: { orderId: '#HEALTH', createdAt: '-' } })),
        products: () => db.send(new GetCommand({ TableName: env.PRODUCTS_TABLE, Key: { productId: '#HEALTH' } })),
        orderEvents: () => sns.send(new GetTopicAttributesCommand({ TopicArn: env.TOPIC_ARN })),
      },
      () => performance.now(),
    ),
  },
  openMiddlewareOf(readEnv(middlewareEnv), db, probesPerMinute), // health checks have no credentials
);
