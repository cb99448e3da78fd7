import { itemSize, totalUnits, unitsOf } from '../../bench/capacity';

const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });
const order = (bytes: number, dueAt?: string) => ({
  orderId: text(bytes - 'orderId'.length),
  ...(dueAt === undefined ? {} : { dueAt: { S: dueAt } }),
});
const put = (Item: object, replaced?: object) =>
  ({ operation: 'DynamoDB.PutItem', body: { Item }, ...(replaced ? { replaced } : {}) }) as Parameters<
    typeof unitsOf
  >[0];

describe('the size of an item', () => {
  test('counts names and values in UTF-8 bytes', () => {
    expect(itemSize({ name: { S: '山田' } })).toBe(10);
  });

  test('counts a byte for two digits of a number and one more', () => {
    expect(itemSize({ n: { N: '3000' } })).toBe(3);
    expect(itemSize({ n: { N: '12345' } })).toBe(5);
  });

  test('counts three bytes for a list or map and one for each of its elements', () => {
    expect(itemSize({ l: { L: [{ S: 'ab' }, { M: { k: { BOOL: true } } }] } })).toBe(
      1 + 3 + (1 + 2) + (1 + 3 + 1 + 1 + 1),
    );
  });
});

describe('the units of a call', () => {
  test('are one for each begun kilobyte that is written', () => {
    expect(unitsOf(put(order(1024))).writes).toBe(1);
    expect(unitsOf(put(order(1025))).writes).toBe(2);
  });

  test('count what is replaced when that is larger', () => {
    expect(unitsOf(put(order(100), order(3000))).writes).toBe(3);
  });

  test('of the due index are one when an order enters or leaves it, two when its time changes, else none', () => {
    expect(unitsOf(put(order(100, 'one'))).indexWrites).toBe(1);
    expect(unitsOf(put(order(100), order(100, 'one'))).indexWrites).toBe(1);
    expect(unitsOf(put(order(100, 'two'), order(100, 'one'))).indexWrites).toBe(2);
    expect(unitsOf(put(order(100, 'one'), order(100, 'one'))).indexWrites).toBe(0);
  });

  test('of the lists are one for each that an order enters, two when it moves to another partition', () => {
    const listed = (listKey: string, ownerKey?: string) => ({
      ...order(100),
      listKey: { S: listKey },
      ...(ownerKey === undefined ? {} : { ownerKey: { S: ownerKey } }),
    });
    expect(unitsOf(put(listed('default#OPEN'))).indexWrites).toBe(1);
    expect(unitsOf(put(listed('default#OPEN', 'default#ada'))).indexWrites).toBe(2);
    expect(unitsOf(put(listed('default#OPEN'), listed('default#OPEN'))).indexWrites).toBe(0);
    expect(unitsOf(put(listed('default#SHIPPED'), listed('default#OPEN'))).indexWrites).toBe(2);
  });

  test('are double in a transaction', () => {
    const body = { TransactItems: [{ Put: { Item: order(500) } }, { Put: { Item: order(1500) } }] };
    expect(unitsOf({ operation: 'DynamoDB.TransactWriteItems', body }).writes).toBe(6);
  });

  test('are none outside DynamoDB, and an unknown operation of DynamoDB is an error', () => {
    expect(totalUnits([{ operation: 'SNS.PublishBatch', body: {} }])).toEqual({ writes: 0, indexWrites: 0, reads: 0 });
    expect(() => unitsOf({ operation: 'DynamoDB.Scan', body: {} })).toThrow('no rule for the units of DynamoDB.Scan');
  });
});
