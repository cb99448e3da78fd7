import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { orderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import { userStore } from '../../lambda/identity/users/user.store';
import { auditStore } from '../../lambda/inventory/audit/audit.store';
import { dueAfterFailure } from '../../lambda/kernel/dynamodb/due-index';
import { logger } from '../../lambda/kernel/logger';
import { count } from '../../lambda/kernel/metrics';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { orderStore } from '../../lambda/order/order.store';
import { paymentStore } from '../../lambda/payment/payment.store';
import { returnStore } from '../../lambda/return/return.store';
import { fixedKeys } from '../support/key-ring';

type Row = Readonly<Record<string, unknown>>;

jest.mock('../../lambda/kernel/metrics', () => ({ count: jest.fn() }));
const errors = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
afterEach(() => jest.clearAllMocks());
afterAll(() => jest.restoreAllMocks());

const until = new Date('2026-11-30T09:00:00.000Z');
const dueAt = '2026-11-30T08:00:00.000Z';

/** An index whose first shard has these entries. */
const dueIndex = (entries: readonly Row[], onUpdate: () => void = () => undefined) => {
  const updates: unknown[] = [];
  const send = async (command: unknown) => {
    if (command instanceof QueryCommand)
      return { Items: command.input.ExpressionAttributeValues?.[':shard'] === 'due#0' ? entries : [] };
    if (!(command instanceof UpdateCommand)) throw new Error('neither a query nor an update');
    updates.push([command.input.Key, command.input.ExpressionAttributeValues]);
    return onUpdate();
  };
  return { db: { send } as unknown as DynamoDBDocumentClient, updates };
};

const createdAt = '2026-11-30T07:00:00.000Z';

const sweeps = [
  {
    sweep: 'orders',
    entry: (orderId: unknown) => ({ orderId, createdAt, dueAt }),
    key: (orderId: unknown) => ({ orderId, createdAt }),
    due: (db: DynamoDBDocumentClient) => orderStore('orders', db).due(until, 200),
    found: { tenant: 'default', orderId: 'A', createdAt, dueAt },
  },
  {
    sweep: 'payments',
    entry: (paymentId: unknown) => ({ paymentId, dueAt }),
    key: (paymentId: unknown) => ({ paymentId }),
    due: (db: DynamoDBDocumentClient) => paymentStore('payments', db).due(until, 200),
    found: { tenant: 'default', paymentId: 'A', dueAt },
  },
  {
    sweep: 'deadlines of alerts',
    entry: (orderId: unknown) => ({ orderId, dueAt }),
    key: (orderId: unknown) => ({ orderId }),
    due: (db: DynamoDBDocumentClient) => orderPaymentStore('order-payments', db).due(until, 200),
    found: { tenant: 'default', orderId: 'A', dueAt },
  },
] as const;

describe.each(sweeps)('F-46 the sweep of $sweep', ({ entry, key, due, found }) => {
  test.each(['ORD-1', '#ORD-1', '', ' '])(
    'an entry whose key is %j hides no other: it is left out, told of, counted and due an hour later',
    async (bad) => {
      const { db, updates } = dueIndex([entry(bad), entry('default#A')]);
      expect(await due(db)).toEqual([found]);
      expect(updates).toEqual([[key(bad), { ':until': '2026-11-30T10:00:00.000Z', ':before': dueAt }]]);
      expect(errors.mock.calls.map(([message, fields]) => [message, fields])).toEqual([
        ['an entry of a due index cannot be read and is left out', { ...key(bad), error: expect.any(Error) }],
      ]);
      expect(jest.mocked(count).mock.calls).toEqual([['SweepCannotHandle', 1]]);
    },
  );

  test('two hundred such entries are all made due later, and the good one is found', async () => {
    const { db, updates } = dueIndex([...Array.from({ length: 200 }, (_, n) => entry(`ORD-${n}`)), entry('default#A')]);
    expect(await due(db)).toEqual([found]);
    expect(updates).toHaveLength(200);
    expect(jest.mocked(count).mock.calls).toEqual([['SweepCannotHandle', 200]]);
  });

  test.each([
    ['throttled', new Error('the table is throttled')],
    ['changed meanwhile', new ConditionalCheckFailedException({ message: 'm', $metadata: {} })],
  ])('an entry whose row is %s hides no other either', async (_what, error) => {
    const { db } = dueIndex([entry('ORD-1'), entry('default#A')], () => {
      throw error;
    });
    expect(await due(db)).toEqual([found]);
  });

  test('good entries change nothing', async () => {
    const { db, updates } = dueIndex([entry('default#A')]);
    expect(await due(db)).toEqual([found]);
    expect([updates, errors.mock.calls, jest.mocked(count).mock.calls]).toEqual([[], [], []]);
  });
});

test('F-46 a row that goes on failing and whose time is none is due later: it does not stay first', () => {
  const error = new Error('fails');
  expect(dueAfterFailure(error, '2026-gibberish', until)).toEqual(new Date('2026-11-30T09:15:00.000Z'));
  expect(dueAfterFailure(error, '2026-11-30T08:50:00.000Z', until)).toBeUndefined();
});

test('F-46 the audit of stock passes over a reservation whose key is none, and reads the others', async () => {
  const row = (orderId: string) => ({
    orderId,
    state: 'RESERVED',
    lines: [{ productId: 'P', quantity: 1 }],
    changedWith: ['B'],
    version: 1,
    updatedAt: createdAt,
    fact: { type: 'StockReserved', correlationId: 'c', causationId: 'e' },
  });
  const asked: unknown[] = [];
  const send = async (command: unknown) => {
    if (command instanceof QueryCommand)
      return {
        Items:
          command.input.ExpressionAttributeValues?.[':shard'] === 'CHANGED#0'
            ? [{ orderId: 'ORD-1' }, { orderId: 'default#A' }]
            : [],
      };
    if (!(command instanceof BatchGetCommand)) throw new Error('neither a query nor a read of a batch');
    const keys = (command.input.RequestItems?.reservations?.Keys ?? []).map(({ orderId }) => String(orderId));
    asked.push(keys);
    return { Responses: { reservations: keys.map(row) } };
  };
  const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  jest.spyOn(db, 'send').mockImplementation(send);
  const audit = auditStore({ inventory: 'inventory', movements: 'movements', reservations: 'reservations' }, db);
  const found: string[] = [];
  for await (const { orderId } of audit.changedReservations('2026')) found.push(orderId);
  expect(asked).toEqual([['ORD-1', 'default#A'], ['default#B']]);
  expect(errors).toHaveBeenCalled();
  expect(found).toEqual(['A', 'B']);
});

describe('F-46 a list whose page ends with an entry that cannot be read', () => {
  const page = { tenant: defaultTenant, limit: 1 };
  const at = '2026-11-30T08:00:00.000Z';
  const pages = {
    payments: (db: DynamoDBDocumentClient) => paymentStore('table', db).list(page),
    returns: (db: DynamoDBDocumentClient) => returnStore('table', db).list(page),
    alerts: (db: DynamoDBDocumentClient) => alertHistoryStore('table', db).list(page),
    users: (db: DynamoDBDocumentClient) => userStore('table', db, fixedKeys).list(page),
  };

  test.each(Object.entries(pages))('of %s goes on after it', async (_list, read) => {
    const key = {
      paymentId: 'X',
      returnId: 'X',
      alertId: 'X',
      userId: 'X',
      createdAt: at,
      requestedAt: at,
      raisedAt: at,
    };
    const send = async (command: unknown) =>
      command instanceof QueryCommand ? { Items: [key], LastEvaluatedKey: key } : { Responses: { table: [key] } };
    const { items, next } = await read({ send } as unknown as DynamoDBDocumentClient);
    expect(items).toEqual([]);
    expect(Object.values(next ?? {}).sort()).toEqual([at, 'X']);
  });
});
