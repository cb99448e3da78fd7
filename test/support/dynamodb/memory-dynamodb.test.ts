import { BatchGetCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoDbContract } from './dynamodb.contract';
import { memoryDynamoDb } from './memory-dynamodb';

const { db } = memoryDynamoDb();

dynamoDbContract('in memory', { db, table: 'orders' });

const key = { orderId: 'ORD-000001', createdAt: '2026-11-21' };

describe('a DynamoDB in memory refuses, as the real one does,', () => {
  test.each([
    ['a key without a part', new GetCommand({ TableName: 'orders', Key: { orderId: 'x' } })],
    ['a key with something else', new GetCommand({ TableName: 'orders', Key: { ...key, status: 'x' } })],
    ['an empty key', new PutCommand({ TableName: 'orders', Item: { ...key, orderId: '' } })],
    ['a key of another type', new PutCommand({ TableName: 'orders', Item: { ...key, orderId: 1 } })],
    ['an index key of another type', new PutCommand({ TableName: 'orders', Item: { ...key, listKey: 1 } })],
    ['an empty set', new PutCommand({ TableName: 'orders', Item: { ...key, ids: new Set() } })],
    ['a number that is none', new PutCommand({ TableName: 'orders', Item: { ...key, total: Number.NaN } })],
    ['more than 400 KB', new PutCommand({ TableName: 'orders', Item: { ...key, note: 'x'.repeat(410_000) } })],
    [
      'a value that no expression uses',
      new PutCommand({ TableName: 'orders', Item: key, ExpressionAttributeValues: { ':v': 1 } }),
    ],
    [
      'a placeholder without a value',
      new PutCommand({ TableName: 'orders', Item: key, ConditionExpression: 'total = :v' }),
    ],
    [
      'an expression that is none',
      new PutCommand({ TableName: 'orders', Item: key, ConditionExpression: 'total is fine' }),
    ],
    [
      'an update of the key',
      new UpdateCommand({
        ...{ TableName: 'orders', Key: key, UpdateExpression: 'SET orderId = :v' },
        ExpressionAttributeValues: { ':v': 'x' },
      }),
    ],
    [
      'an update from an attribute that is not there',
      new UpdateCommand({ TableName: 'orders', Key: key, UpdateExpression: 'SET total = nothing' }),
    ],
    [
      'a consistent read of an index',
      new QueryCommand({
        ...{ TableName: 'orders', IndexName: 'byTenant', ConsistentRead: true },
        ...{ KeyConditionExpression: 'listKey = :v', ExpressionAttributeValues: { ':v': 'x' } },
      }),
    ],
    [
      'a query without its partition key',
      new QueryCommand({
        ...{ TableName: 'orders', KeyConditionExpression: 'createdAt = :v' },
        ExpressionAttributeValues: { ':v': 'x' },
      }),
    ],
    ['one key twice in a batch', new BatchGetCommand({ RequestItems: { orders: { Keys: [key, { ...key }] } } })],
  ])('%s', async (_what, command) => {
    await expect(db.send(command as never)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a table that does not exist', async () => {
    const wanted = db.send(new GetCommand({ TableName: 'nowhere', Key: key }));
    await expect(wanted).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a DynamoDB in memory', () => {
  test('gives back copies, without undefined fields', async () => {
    const Item = { ...key, lines: [{ productId: 'P-1' }], note: undefined };
    await db.send(new PutCommand({ TableName: 'orders', Item }));
    const read = async () => (await db.send(new GetCommand({ TableName: 'orders', Key: key }))).Item;
    const first = await read();
    expect(first).toEqual({ ...key, lines: [{ productId: 'P-1' }] });
    Object.assign(first?.lines[0], { productId: 'P-2' });
    expect((await read())?.lines).toEqual([{ productId: 'P-1' }]);
  });

  test('tells of each change as a stream does, and of no write that changes nothing', async () => {
    const changes: unknown[] = [];
    const site = memoryDynamoDb({ onChange: (...change) => changes.push(change) });
    for (const version of [1, 2, 2])
      await site.db.send(new PutCommand({ TableName: 'orders', Item: { ...key, version } }));
    expect(changes).toEqual([
      ['orders', undefined, { ...key, version: 1 }],
      ['orders', { ...key, version: 1 }, { ...key, version: 2 }],
    ]);
  });

  test('has indexes that lag until they catch up, change by change', async () => {
    const site = memoryDynamoDb({ lagging: ['orders'] });
    for (const second of [1, 2])
      await site.db.send(
        new PutCommand({ TableName: 'orders', Item: { ...key, orderId: `ORD-${second}`, listKey: 'all' } }),
      );
    const found = async () => {
      const all = { KeyConditionExpression: 'listKey = :all', ExpressionAttributeValues: { ':all': 'all' } };
      const query = new QueryCommand({ TableName: 'orders', IndexName: 'byTenant', ...all });
      return (await site.db.send(query)).Items?.map(({ orderId }) => orderId);
    };
    expect(await found()).toEqual([]);
    site.table('orders').catchUp(1);
    expect(await found()).toEqual(['ORD-1']);
    site.table('orders').catchUp();
    expect(await found()).toEqual(['ORD-1', 'ORD-2']);
  });

  test('deletes what has expired, and nothing else', async () => {
    const site = memoryDynamoDb();
    for (const [orderId, expiresAt] of [
      ['old', 1_000],
      ['new', 3_000],
      ['kept', undefined],
    ])
      await site.db.send(new PutCommand({ TableName: 'orders', Item: { ...key, orderId, expiresAt } }));
    site.table('orders').expire(new Date(2_000_000));
    const ids = site
      .table('orders')
      .all()
      .map(({ orderId }) => orderId);
    expect(ids.sort()).toEqual(['kept', 'new']);
  });
});
