import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Writes the row that came under an ID of its own, as an order is written, and logs one line: the least an order can be. */
export const handler = async ({ body }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const orderId = `default#${randomUUID()}`;
  const Item = { ...JSON.parse(body ?? '{}'), orderId };
  const ConditionExpression = 'attribute_not_exists(orderId)';
  await db.send(new PutCommand({ TableName: process.env.TABLE, Item, ConditionExpression }));
  process.stdout.write('{"level":"INFO","message":"request answered"}\n');
  return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ orderId }) };
};
