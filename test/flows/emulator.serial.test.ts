import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import {
  BatchExecuteStatementCommand,
  DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  apiUrl,
  endpoint,
  eventually,
  functionName,
  lambda,
  postOrder,
  queueUrl,
  reaches,
  rowsOf,
  sqs,
} from '../support/flow';
import { setDelivery } from '../support/flow-functions';
import { openShop, stock } from '../support/flow-shop';

/** What the system or its tests rely on, or work around, in the pinned local AWS. A red one says: look again. */
const client = new DynamoDBClient({});
const db = DynamoDBDocumentClient.from(client);
const TableName = `probe-${randomUUID()}`;

beforeAll(async () => {
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
});

afterAll(() => client.send(new DeleteTableCommand({ TableName })));

describe('what the system relies on in the local AWS', () => {
  test('a batch of PartiQL inserts refuses the duplicate and takes the others', async () => {
    await db.send(new PutCommand({ TableName, Item: { id: 'there' } }));
    const insert = (id: string) => ({ Statement: `INSERT INTO "${TableName}" VALUE {'id': ?}`, Parameters: [id] });
    const { Responses = [] } = await db.send(
      new BatchExecuteStatementCommand({ Statements: [insert('one'), insert('there'), insert('two')] }),
    );
    expect(Responses.map((response) => response.Error?.Code)).toEqual([undefined, 'DuplicateItem', undefined]);
  });

  test('a cancelled transaction says why, and what stood in its way', async () => {
    const put = (id: string) => ({
      Put: {
        TableName,
        Item: { id },
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    });
    await db.send(new PutCommand({ TableName, Item: { id: 'claimed', by: 'somebody' } }));
    const write = new TransactWriteCommand({ TransactItems: [put('free'), put('claimed')] });
    await expect(db.send(write)).rejects.toMatchObject({
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { id: { S: 'claimed' }, by: { S: 'somebody' } } },
      ],
    });
  });

  test('S1-26 the queues have their redrive policy, and their messages are encrypted (M1)', async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: await queueUrl('billing-queue'), AttributeNames: ['All'] }),
    );
    expect(JSON.parse(Attributes.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 10 });
    expect(Attributes.SqsManagedSseEnabled).toBe('true');
  });

  test('a disabled mapping delivers nothing, and everything once it is enabled again', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 1);
    await setDelivery('OrderAdvanceOrder', false);
    const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] });
    await eventually('inventory has reserved it', async () => (await rowsOf(shop).reservation(body.orderId)) ?? false);
    await sleep(10_000); // its answer is in the queue, where nobody takes it
    expect(await rowsOf(shop).order(body.orderId)).toMatchObject({ status: 'PENDING', stockStatus: 'PENDING' });
    await setDelivery('OrderAdvanceOrder', true);
    await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']);
  });

  test('the API’s ID is pinned by tag', () => expect(apiUrl).toBe(`${endpoint}/_aws/execute-api/ordersystem/local`));
});

describe('what differs from AWS in the local AWS, and is worked around', () => {
  test('M1 time to live is lost at deployment: scripts/local patches it', async () => {
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'orders' }));
    expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED'); // cdklocal of this project has mended it
  });

  test('M9 a throw at cold start comes out as a 502 with its text: the handler itself never throws', async () => {
    const FunctionName = await functionName('OrderRoutesHealth');
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { BUILD: _, ...Variables } = Environment?.Variables ?? {};
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    try {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: Buffer.from('{}') }),
      );
      expect(FunctionError).toBeDefined();
      expect(Buffer.from(Payload ?? []).toString()).toContain('wrong environment: BUILD');
    } finally {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
    }
  });
});
