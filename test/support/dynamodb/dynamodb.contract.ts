import { randomUUID } from 'node:crypto';
import {
  BatchExecuteStatementCommand,
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

/** What is under test: `table` has the keys and indexes of the deployed table `orders`. */
type Site = { readonly db: DynamoDBDocumentClient; readonly table: string };

const createdAt = '2026-11-21T08:00:00.000Z';
const newKey = () => ({ orderId: randomUUID(), createdAt });

const conditions = ({ db, table: TableName }: Site) => {
  const holds = async (Item: object, condition: string, names = {}, values = {}): Promise<boolean> => {
    const key = newKey();
    await db.send(new PutCommand({ TableName, Item: { ...key, ...Item } }));
    const expressed = {
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    };
    try {
      await db.send(new DeleteCommand({ TableName, Key: key, ConditionExpression: condition, ...expressed }));
      return true;
    } catch (error) {
      expect(error).toMatchObject({ name: 'ConditionalCheckFailedException' });
      return false;
    }
  };

  test.each([
    [{ a: 1 }, 'a = :v', { ':v': 1 }, true],
    [{ a: 1 }, 'a = :v', { ':v': '1' }, false],
    [{}, 'a = :v', { ':v': 1 }, false],
    [{}, 'a <> :v', { ':v': 1 }, true],
    [{ a: 10 }, 'a > :v', { ':v': 9 }, true],
    [{ a: '10' }, 'a > :v', { ':v': '9' }, false],
    [{}, 'a < :v', { ':v': 1 }, false],
    [{ a: 5 }, 'a BETWEEN :low AND :high', { ':low': 5, ':high': 6 }, true],
    [{ a: 7 }, 'a BETWEEN :low AND :high', { ':low': 5, ':high': 6 }, false],
    [{ a: 'x' }, 'a IN (:one, :two)', { ':one': 'y', ':two': 'x' }, true],
    [{ a: 'order' }, 'begins_with(a, :v)', { ':v': 'ord' }, true],
    [{ a: { b: [1, { c: 2 }] } }, 'a.b[1].c = :v', { ':v': 2 }, true],
    [{ a: { b: 1 } }, 'attribute_exists(a.c)', {}, false],
    [{ a: null }, 'attribute_exists(a)', {}, true],
    [{}, 'attribute_not_exists(a)', {}, true],
    [{ a: new Set(['x']) }, 'contains(a, :v)', { ':v': 'x' }, true],
    [{ a: 'abc' }, 'size(a) = :v', { ':v': 3 }, true],
    [{ a: 1, b: 2 }, 'a = :one AND NOT b = :one', { ':one': 1 }, true],
    [{ a: 1 }, 'a = :two OR (a = :one AND attribute_not_exists(b))', { ':one': 1, ':two': 2 }, true],
    [{ a: 1, b: 1 }, 'a = b', {}, true],
    [{ constructor: 1 }, 'attribute_exists(a)', {}, false],
  ])('of %j, "%s" with %j is %p', async (item, condition, values, expected) => {
    expect(await holds(item, condition, {}, values)).toBe(expected);
  });

  test('a name behind a placeholder is the attribute of that name, dots and all', async () => {
    expect(await holds({ 'a.b': 1 }, '#name = :v', { '#name': 'a.b' }, { ':v': 1 })).toBe(true);
  });

  test('a condition that fails gives back the item where that is asked', async () => {
    const key = newKey();
    await db.send(new PutCommand({ TableName, Item: { ...key, version: 3 } }));
    const write = {
      ConditionExpression: 'attribute_not_exists(orderId)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    const refused = db.send(new PutCommand({ TableName, Item: key, ...(write as object) }));
    await expect(refused).rejects.toMatchObject({ Item: { version: { N: '3' } } });
  });
};

const updates = ({ db, table: TableName }: Site) => {
  const after = async (Item: object, UpdateExpression: string, values: object = {}): Promise<unknown> => {
    const key = newKey();
    if (Object.keys(Item).length > 0) await db.send(new PutCommand({ TableName, Item: { ...key, ...Item } }));
    const expressed = Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values as never };
    const update = new UpdateCommand({ TableName, Key: key, UpdateExpression, ReturnValues: 'ALL_NEW', ...expressed });
    const { Attributes: { orderId, createdAt: _, ...left } = {} } = await db.send(update);
    expect(orderId).toBe(key.orderId);
    return left;
  };

  test.each([
    [{}, 'SET a = :v', { ':v': 1 }, { a: 1 }],
    [{ a: 1 }, 'SET a = a + :v, b = a', { ':v': 2 }, { a: 3, b: 1 }],
    [{ a: 5 }, 'SET a = a - :v', { ':v': 2 }, { a: 3 }],
    [{}, 'SET a = if_not_exists(a, :zero) + :one', { ':zero': 0, ':one': 1 }, { a: 1 }],
    [{ l: [1] }, 'SET l = list_append(l, :more)', { ':more': [2, 3] }, { l: [1, 2, 3] }],
    [{ m: { x: 1 } }, 'SET m.y = :v', { ':v': 2 }, { m: { x: 1, y: 2 } }],
    [{ a: 1, b: 2 }, 'REMOVE a', {}, { b: 2 }],
    [{ l: [1, 2, 3] }, 'REMOVE l[1]', {}, { l: [1, 3] }],
    [{}, 'ADD a :v', { ':v': 4 }, { a: 4 }],
    [{ a: 1 }, 'ADD a :v SET b = :w', { ':v': 4, ':w': 'x' }, { a: 5, b: 'x' }],
    [{ s: new Set(['x']) }, 'ADD s :v', { ':v': new Set(['y', 'x']) }, { s: new Set(['x', 'y']) }],
    [{ s: new Set(['x', 'y']) }, 'DELETE s :v', { ':v': new Set(['y']) }, { s: new Set(['x']) }],
    [{ s: new Set(['x']), a: 1 }, 'DELETE s :v', { ':v': new Set(['x']) }, { a: 1 }],
  ])('%j after "%s" with %j is %j', async (item, update, values, expected) => {
    expect(await after(item, update, values)).toEqual(expected);
  });
};

const transactions = ({ db, table: TableName }: Site) => {
  test('is all or nothing, and says of each action why', async () => {
    const [known, fresh] = [newKey(), newKey()];
    await db.send(new PutCommand({ TableName, Item: { ...known, version: 1 } }));
    const write = new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: fresh } },
        {
          Put: {
            ...{ TableName, Item: known, ConditionExpression: 'attribute_not_exists(orderId)' },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    });
    await expect(db.send(write)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { version: { N: '1' } } }],
    });
    const { Item } = await db.send(new GetCommand({ TableName, Key: fresh, ConsistentRead: true }));
    expect(Item).toBeUndefined();
  });

  test('puts, updates, deletes and checks at once', async () => {
    const [put, updated, deleted, checked] = [newKey(), newKey(), newKey(), newKey()];
    for (const Item of [deleted, checked]) await db.send(new PutCommand({ TableName, Item }));
    const UpdateExpression = 'SET a = :one';
    const ExpressionAttributeValues = { ':one': 1 };
    await db.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: put } },
          { Update: { TableName, Key: updated, UpdateExpression, ExpressionAttributeValues } },
          { Delete: { TableName, Key: deleted } },
          { ConditionCheck: { TableName, Key: checked, ConditionExpression: 'attribute_exists(orderId)' } },
        ],
      }),
    );
    const read = async (Key: object) =>
      (await db.send(new GetCommand({ TableName, Key: Key as never, ConsistentRead: true }))).Item;
    expect([await read(put), await read(updated), await read(deleted)]).toEqual([put, { ...updated, a: 1 }, undefined]);
  });

  test('takes no item twice', async () => {
    const Item = newKey();
    const twice = new TransactWriteCommand({
      TransactItems: [{ Put: { TableName, Item } }, { Delete: { TableName, Key: Item } }],
    });
    await expect(db.send(twice)).rejects.toMatchObject({ name: 'ValidationException' });
  });
};

const queries = ({ db, table: TableName }: Site) => {
  const listed = async (listKey: string, count: number) => {
    const rows = Array.from({ length: count }, (_, n) => ({
      ...{ orderId: `${listKey}-${n}`, createdAt: `2026-11-21T08:00:0${n}.000Z`, listKey, note: 'not projected' },
    }));
    for (const Item of rows) await db.send(new PutCommand({ TableName, Item }));
    return rows;
  };

  const page = (listKey: string, more: object = {}) =>
    db.send(
      new QueryCommand({
        ...{ TableName, IndexName: 'byTenant', KeyConditionExpression: '#list = :list' },
        ExpressionAttributeNames: { '#list': 'listKey' },
        ExpressionAttributeValues: { ':list': listKey },
        ...more,
      }),
    );

  test('an index has the items with its key, in the order of its sort key, either way', async () => {
    const listKey = randomUUID();
    await listed(listKey, 3);
    await db.send(new PutCommand({ TableName, Item: newKey() }));
    const ids = async (more: object) => (await page(listKey, more)).Items?.map(({ orderId }) => orderId);
    expect(await ids({})).toEqual([0, 1, 2].map((n) => `${listKey}-${n}`));
    expect(await ids({ ScanIndexForward: false })).toEqual([2, 1, 0].map((n) => `${listKey}-${n}`));
  });

  test('pages go on after a key, even when its item is gone', async () => {
    const listKey = randomUUID();
    await listed(listKey, 5);
    const first = await page(listKey, { Limit: 2 });
    expect(first.Items?.map(({ orderId }) => orderId)).toEqual([`${listKey}-0`, `${listKey}-1`]);
    const { orderId, createdAt: at } = first.LastEvaluatedKey ?? {};
    await db.send(new DeleteCommand({ TableName, Key: { orderId, createdAt: at } }));
    const rest = await page(listKey, { ExclusiveStartKey: first.LastEvaluatedKey });
    expect(rest.Items?.map((item) => item.orderId)).toEqual([2, 3, 4].map((n) => `${listKey}-${n}`));
    expect(rest.LastEvaluatedKey).toBeUndefined();
  });

  test('an item leaves an index with its key', async () => {
    const listKey = randomUUID();
    const [row] = await listed(listKey, 1);
    const Key = { orderId: row?.orderId, createdAt: row?.createdAt };
    await db.send(new UpdateCommand({ TableName, Key, UpdateExpression: 'REMOVE listKey' }));
    expect((await page(listKey)).Items).toEqual([]);
  });

  test('the sort key takes a range', async () => {
    const orderId = randomUUID();
    for (const hour of ['07', '08', '09'])
      await db.send(new PutCommand({ TableName, Item: { orderId, createdAt: `2026-11-21T${hour}` } }));
    const { Items } = await db.send(
      new QueryCommand({
        ...{
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: 'orderId = :id AND createdAt BETWEEN :from AND :to',
        },
        ExpressionAttributeValues: { ':id': orderId, ':from': '2026-11-21T08', ':to': '2026-11-21T09' },
      }),
    );
    expect(Items?.map((item) => item.createdAt)).toEqual(['2026-11-21T08', '2026-11-21T09']);
  });

  test('a scan finds every item, in pages', async () => {
    const Item = newKey();
    await db.send(new PutCommand({ TableName, Item }));
    const found: unknown[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const part = await db.send(new ScanCommand({ TableName, Limit: 7, ExclusiveStartKey, ConsistentRead: true }));
      found.push(...(part.Items ?? []).map(({ orderId, createdAt: at }) => `${orderId} ${at}`));
      ExclusiveStartKey = part.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(found).toContain(`${Item.orderId} ${createdAt}`);
    expect(new Set(found).size).toBe(found.length);
  });
};

const batches = ({ db, table: TableName }: Site) => {
  test('a batch writes and reads', async () => {
    const [one, other, missing] = [newKey(), newKey(), newKey()];
    const put = [one, other].map((Item) => ({ PutRequest: { Item } }));
    await db.send(new BatchWriteCommand({ RequestItems: { [TableName]: put } }));
    const Keys = [one, other, missing];
    const { Responses } = await db.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    expect(Responses?.[TableName]?.map(({ orderId }) => orderId).sort()).toEqual([one.orderId, other.orderId].sort());
  });

  test('a statement inserts what is not there, and nothing else', async () => {
    const [known, fresh] = [newKey(), newKey()];
    await db.send(new PutCommand({ TableName, Item: known }));
    const statement = ({ orderId }: { orderId: string }) => ({
      Statement: `INSERT INTO "${TableName}" VALUE {'orderId': ?, 'createdAt': ?, 'note': ?}`,
      Parameters: [orderId, createdAt, 'new'],
    });
    const { Responses } = await db.send(
      new BatchExecuteStatementCommand({ Statements: [statement(known), statement(fresh)] }),
    );
    expect(Responses?.map(({ Error: error }) => error?.Code)).toEqual(['DuplicateItem', undefined]);
    const { Item } = await db.send(new GetCommand({ TableName, Key: fresh, ConsistentRead: true }));
    expect(Item).toEqual({ ...fresh, note: 'new' });
  });
};

/** What a DynamoDB does, in memory as in an emulator or on AWS. */
export const dynamoDbContract = (where: string, site: Site): void => {
  describe(`conditions of a DynamoDB ${where}`, () => conditions(site));
  describe(`updates of a DynamoDB ${where}`, () => updates(site));
  describe(`a transaction of a DynamoDB ${where}`, () => transactions(site));
  describe(`queries of a DynamoDB ${where}`, () => queries(site));
  describe(`batches of a DynamoDB ${where}`, () => batches(site));
};
