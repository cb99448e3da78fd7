import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { localApiId } from '../lib/api';
import { until } from '../scripts/wait';
import { cdklocal, startOwnAws } from '../test/support/flow-system';
import { assemblyFolder, benchFolder } from './assembly';
import { inBatches } from './events';

type Row = Record<string, unknown>;

const clientsOf = (endpoint: string) => {
  const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const dynamo = new DynamoDBClient(options);
  return {
    db: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    sns: new SNSClient(options),
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
    lambda: new LambdaClient(options),
  };
};

/** Ends the delivery of stream records: on AWS the fan-out runs beside the API and not on its cores. */
const switchOffRelays = async (lambda: LambdaClient) => {
  const streams = async () => {
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    return EventSourceMappings.filter(({ EventSourceArn }) => EventSourceArn?.includes(':dynamodb:'));
  };
  for (const { UUID } of await streams())
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  const off = await until(
    async () => ((await streams()).every(({ State }) => State === 'Disabled') ? true : undefined),
    {
      timeoutMs: 30_000,
    },
  );
  if (off === undefined) throw new Error('the relays could not be switched off');
};

/** The system on a local AWS of its own, and the ways to it. */
export const startLocalSystem = async () => {
  const folder = join(benchFolder, 'aws');
  rmSync(join(folder, 'cdk.out'), { recursive: true, force: true });
  const aws = await startOwnAws(folder);
  try {
    const deploy = ['deploy', '--app', assemblyFolder, '--require-approval', 'never'];
    await cdklocal(['bootstrap'], aws.environment, join(folder, 'bootstrap.log'));
    await cdklocal(deploy, aws.environment, join(folder, 'deploy.log'));
    const clients = clientsOf(aws.endpoint);
    await switchOffRelays(clients.lambda);
    return {
      ...clients,
      api: `${aws.endpoint}/_aws/execute-api/${localApiId}/local`,
      endpoint: aws.endpoint,
      stop: aws.stop,
    };
  } catch (error) {
    await aws.stop();
    throw error;
  }
};

export type LocalSystem = Awaited<ReturnType<typeof startLocalSystem>>;

/** Writes rows, twenty-five at a time. */
export const putAll = async ({ db }: Pick<LocalSystem, 'db'>, table: string, rows: readonly Row[]): Promise<void> => {
  for (const part of inBatches(rows, 25)) {
    const requests = part.map((Item) => ({ PutRequest: { Item } }));
    await db.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
};

/** Every row of a table. */
export const allRows = async ({ db }: Pick<LocalSystem, 'db'>, table: string): Promise<Row[]> => {
  const rows: Row[] = [];
  let from: Row | undefined;
  do {
    const page = await db.send(new ScanCommand({ TableName: table, ...(from ? { ExclusiveStartKey: from } : {}) }));
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
};

export const productId = (n: number): string => `P-${String(n).padStart(4, '0')}`;

/** Puts products on sale, with more in stock than any goal orders. */
export const stockProducts = async (system: LocalSystem, from: number, to: number): Promise<void> => {
  const limits = { tenantPerMinute: 1_000_000, callerPerMinute: 1_000_000 }; // one caller sends all of the orders
  await putAll(system, 'orders', [{ orderId: 'default#SETTINGS', createdAt: '-', version: 0, limits }]);
  const ids = Array.from({ length: to - from }, (_, index) => `default#${productId(from + index)}`);
  const common = { name: 'ワイヤレスマウス', price: 3000, currency: 'JPY', taxRateBps: 1000, onSale: true };
  await putAll(
    system,
    'order-products',
    ids.map((id) => ({ productId: id, ...common })),
  );
  const stock = { productName: common.name, stock: 1_000_000, reservedQuantity: 0, warehouseCode: 'MAIN', version: 1 };
  await putAll(
    system,
    'inventory',
    ids.map((id) => ({ productId: id, ...stock })),
  );
};
