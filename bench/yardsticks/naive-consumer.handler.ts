import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';

const db = new DynamoDBClient({});

/** As most tutorials build it: one write for each message, one after another. */
export const handler = async ({ Records }: SQSEvent) => {
  for (const { messageId, body } of Records) {
    const Item = { orderId: { S: messageId }, body: { S: body } };
    await db.send(new PutItemCommand({ TableName: process.env.TABLE, Item }));
    process.stdout.write(`{"level":"INFO","message":"message handled","messageId":"${messageId}"}\n`);
  }
  return { batchItemFailures: [] };
};
