import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { personalRows } from '../../../../scripts/lib/migrations/personal-fields';
import { sealRows } from '../../../../scripts/lib/migrations/seal-rows';
import { sealer } from '../../../../scripts/lib/migrations/sealer';
import type { memoryDynamoDb } from '../../../support/dynamodb/memory-dynamodb';
import { memoryKeyRing } from '../../../support/key-ring';

type Db = ReturnType<typeof memoryDynamoDb>['db'];

export const address = { postalCode: '100-0001', country: 'JP', line1: '千代田1-1', name: '山田 太郎' };

const rest = { version: 3, status: 'CONFIRMED', fact: { type: 'OrderConfirmed', previousStatus: 'PENDING' } };

/** An order as it was stored before it was sealed. */
export const orderOfBefore = (orderId = 'ORD-000001', given: object = {}) => ({
  orderId: `shop-a#${orderId}`,
  createdAt: '2026-11-21T08:00:00.000Z',
  customerEmail: 'taro@example.com',
  shippingAddress: address,
  ...rest,
  ...given,
});

export const returnOfBefore = {
  returnId: 'shop-a#RET-000001-1',
  orderId: 'ORD-000001',
  customerEmail: 'taro@example.com',
  reason: 'サイズが合わない',
  requestedAt: '2026-11-22T08:00:00.000Z',
  version: 1,
  fact: { type: 'ReturnRequested' },
};

export const deliveredOfBefore = {
  returnId: 'shop-a#ORDER#ORD-000001',
  orderId: 'ORD-000001',
  customerEmail: 'taro@example.com',
  deliveredAt: '2026-11-22T08:00:00.000Z',
  version: 1,
};

export const mailOfBefore = {
  notificationId: 'shop-a#ORD-000001:1.email',
  createdAt: '2026-11-21T08:00:00.000Z',
  orderId: 'ORD-000001',
  recipient: 'taro@example.com',
  status: 'sent',
};

export const userOfBefore = {
  userId: 'shop-a#u-1',
  tenant: 'shop-a',
  createdAt: '2026-11-21T08:00:00.000Z',
  email: 'taro@example.com',
  displayName: '太郎',
  firstName: '太郎',
  lastName: '山田',
  phoneNumber: '+81312345678',
  address,
  avatar: 'https://example.com/taro.png',
  preferences: { newsletter: true, size: 42 },
  version: 7,
  fact: { type: 'ProfileChanged' },
};

export const put = (db: Db, TableName: string, Item: object) => db.send(new PutCommand({ TableName, Item }));

export const rowsOf = (service: string) => {
  const rows = personalRows.find((one) => one.service === service);
  if (rows === undefined) throw new Error(`${service} has no rows`);
  return rows;
};

/** The migration of a service's rows in a database, which may be one that fails; the keys are in the whole one. */
export const rowMigration = (service: string, db: Db, keys = memoryKeyRing({ db })) =>
  sealRows(rowsOf(service), { tables: { db, called: (name) => name }, sealer: sealer(keys) });

/** Whether any text of a person is left anywhere in a value. */
export const hasPlain = (value: unknown): boolean => {
  const text = JSON.stringify(value);
  return /taro@example|太郎|千代田|サイズ|8131234|newsletter|"plain\./.test(text);
};
