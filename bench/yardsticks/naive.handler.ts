import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
// biome-ignore lint/style/noRestrictedImports: the usual import is what is measured here
import { z } from 'zod';

const Body = z.object({
  customerId: z.string().optional(),
  customerEmail: z.email(),
  items: z.array(z.object({ productId: z.string(), quantity: z.number().int().positive() })).min(1),
});

const logger = new Logger();
const metrics = new Metrics({ namespace: 'Naive' });
const tracer = new Tracer();
const db = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})));
const sns = tracer.captureAWSv3Client(new SNSClient({}));

/** The usual order function: a put, then a publish that is lost when the function ends between the two. */
export const handler = async ({ body }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const parsed = Body.safeParse(JSON.parse(body ?? '{}'));
  if (!parsed.success) return { statusCode: 400, body: JSON.stringify(parsed.error.issues) };
  const order = { ...parsed.data, orderId: randomUUID(), status: 'PENDING', createdAt: new Date().toISOString() };
  await db.send(new PutCommand({ TableName: process.env.ORDERS_TABLE, Item: order }));
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC_ARN, Message: JSON.stringify(order) }));
  metrics.addMetric('OrdersAccepted', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  logger.info('order accepted', { orderId: order.orderId });
  return { statusCode: 201, body: JSON.stringify(order) };
};
