import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { localApiId } from '../lib/api';
import { until } from '../scripts/lib/wait';
import { cdkEnvironment, region } from '../scripts/local/emulator/endpoint';
import { startMiniStack, stopMiniStack } from '../scripts/local/emulator/ministack';
import { run } from '../scripts/local/emulator/run';
import { freePort } from '../test/support/flow-system';
import { assemblyFolder, benchFolder } from './assembly';
import { inBatches } from './events';
import { benchApiId, benchStage, type yardstickPaths } from './yardsticks/bench.stack';

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

const cdklocal = async (endpoint: string, args: readonly string[], log: string): Promise<void> => {
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: region };
  const env = { ...(await cdkEnvironment(endpoint)), ...credentials, AWS_DEFAULT_REGION: region };
  await run({ program: 'npx', args: ['cdklocal', ...args], log, env });
};

export type LocalSystemOptions = {
  /** Whether what is written is told of. */
  readonly relays: boolean;
};

/** The system and its yardsticks on a local AWS of their own, and the ways to them. */
export const startLocalSystem = async ({ relays }: LocalSystemOptions) => {
  const folder = join(benchFolder, 'aws');
  rmSync(join(folder, 'cdk.out'), { recursive: true, force: true });
  await stopMiniStack(folder); // the one before, or one of a run that was ended by force
  const { endpoint } = await startMiniStack({ port: await freePort(), folder });
  const stop = () => stopMiniStack(folder);
  try {
    const deploy = ['deploy', '--all', '--app', assemblyFolder, '--require-approval', 'never'];
    await cdklocal(endpoint, deploy, join(folder, 'deploy.log'));
    const clients = clientsOf(endpoint);
    if (!relays) await switchOffRelays(clients.lambda);
    return {
      ...clients,
      api: `${endpoint}/_aws/execute-api/${localApiId}/local`,
      /** Where a yardstick answers. */
      yardstick: (path: keyof typeof yardstickPaths) =>
        `${endpoint}/_aws/execute-api/${benchApiId}/${benchStage}/${path}`,
      endpoint,
      stop,
    };
  } catch (error) {
    await stop();
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

/** Deletes rows by their keys, twenty-five at a time. */
export const deleteAll = async (
  { db }: Pick<LocalSystem, 'db'>,
  table: string,
  keys: readonly Row[],
): Promise<void> => {
  for (const part of inBatches(keys, 25)) {
    const requests = part.map((Key) => ({ DeleteRequest: { Key } }));
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
