import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

const create = async (db: DynamoDBClient, table: string, copy: string) => {
  const { Table } = await db.send(new DescribeTableCommand({ TableName: table }));
  const GlobalSecondaryIndexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  await db.send(
    new CreateTableCommand({
      TableName: copy,
      AttributeDefinitions: Table?.AttributeDefinitions,
      KeySchema: Table?.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
    }),
  );
  await waitUntilTableExists({ client: db, maxWaitTime: 60, minDelay: 1 }, { TableName: copy });
};

/**
 * An empty table with the keys and indexes of a deployed one, for the time of a test suite. Nobody relays its changes,
 * so that what a test writes is no order of the running system.
 */
export const tableCopy = (db: DynamoDBClient, table: string): string => {
  const copy = `${table}-contract-${randomUUID().slice(0, 8)}`;
  beforeAll(() => create(db, table, copy));
  afterAll(() => db.send(new DeleteTableCommand({ TableName: copy })));
  return copy;
};
