import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dayFolder, shardOf, subjectFolder } from '../../../lambda/contracts/events/archive';
import { bucketOfArchive } from '../../../scripts/lib/events/archive';
import { findSystem, resourcesOf } from '../../../scripts/lib/system/system';
import { call, db, postOrder, queueUrl, reaches, rowsOf, type Shop, sqs } from '../../support/flow';
import { signedIn } from '../../support/flow-people';
import { openShop, stock } from '../../support/flow-shop';
import { orderPlaced } from '../../support/order-events';

jest.setTimeout(600_000); // each time through waits a minute for what functions had read before

const person = { email: 'before-1@example.com', street: '千代田1-1-77', name: '以前 花子' };
const address = {
  name: person.name,
  street: person.street,
  city: '千代田区',
  prefecture: '東京都',
  postalCode: '100-0001',
  country: 'JP',
};
const spellings = Object.values(person).flatMap((text) => [text, Buffer.from(text).toString('base64url').slice(0, -2)]);
const hasPerson = (value: unknown): boolean => {
  const text = JSON.stringify(value);
  return spellings.some((spelling) => text.includes(spelling)) || /"plain\./.test(text);
};

const migrate = (...args: string[]): Promise<{ code: number | null; said: string }> =>
  new Promise((done, fail) => {
    const child = spawn('bash', [resolve('scripts/run.sh'), 'migrate', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        said += text;
      });
    child.on('error', fail);
    child.on('close', (code) => done({ code, said }));
  });

const s3 = new S3Client({ forcePathStyle: true });
let bucket: string;
let shop: Shop;
let orderId: string;
let token: string;

const rowsIn = async (TableName: string) => {
  const rows: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await db.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return rows.filter((row) => JSON.stringify(row).includes(shop.tenant));
};

const linesOf = async (Key: string): Promise<string[]> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  return gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean);
};

const archived = async (): Promise<string[]> => {
  const lines: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken }));
    for (const { Key = '' } of page.Contents ?? []) lines.push(...(await linesOf(Key)));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return lines.filter((line) => line.includes(shop.tenant));
};

const firstVersion = () => {
  const { data, ...envelope } = orderPlaced(orderId, {}, { tenantid: shop.tenant, id: `${shop.tenant}/${orderId}:1` });
  return { ...envelope, type: 'OrderPlaced.v1', data: { ...data, customerEmail: person.email } };
};

const files = () => [
  `${dayFolder('2026-11-21', 'OrderPlaced.v1')}/080000-${shop.tenant}.ndjson.gz`,
  `${subjectFolder(shardOf(shop.tenant, orderId), '2026-11-21')}/080000-${shop.tenant}.ndjson.gz`,
];

/** Writes what the version of before had written: its rows and its files. */
const writeBefore = async () => {
  const row = await rowsOf(shop).order(orderId);
  const mail = await rowsOf(shop).confirmation(orderId);
  const set = (TableName: string, Key: Record<string, unknown>, [name, value]: [string, unknown]) =>
    db.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  const order = { orderId: row?.orderId, createdAt: row?.createdAt };
  await set('orders', order, ['customerEmail', person.email]);
  await set('orders', order, ['shippingAddress', address]);
  const sent = { notificationId: mail?.notificationId, createdAt: mail?.createdAt };
  await set('notifications', sent, ['recipient', person.email]);
  const delivered = { returnId: `${shop.tenant}#ORDER#${orderId}`, orderId, customerEmail: person.email, version: 1 };
  await db.send(new PutCommand({ TableName: 'returns', Item: delivered }));
  const user = { userId: `${shop.tenant}#before-1`, tenant: shop.tenant, createdAt: '2026-11-21T08:00:00.000Z' };
  await db.send(
    new PutCommand({ TableName: 'users', Item: { ...user, version: 1, email: person.email, lastName: person.name } }),
  );
  const Body = gzipSync(`${JSON.stringify(firstVersion())}\n`);
  for (const Key of files()) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const QueueUrl = await queueUrl('order-processing-dlq');
  const MessageAttributes = { consumer: { DataType: 'String', StringValue: 'billing' } };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(firstVersion()), MessageAttributes }));
};

beforeAll(async () => {
  bucket = bucketOfArchive(await resourcesOf(await findSystem()));
  shop = await openShop();
  await stock(shop, 'MOUSE', 10);
  const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] });
  [orderId, token] = [body.orderId, body.trackingToken];
  await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
  await writeBefore();
});

test('S1-31 a dry run counts and changes nothing', async () => {
  const { code, said } = await migrate('--dry-run', '--service', 'return');
  expect([code, said]).toEqual([0, expect.stringMatching(/return 1 .*rows of returns +[1-9]\d* +[1-9]\d*/)]);
  expect((await rowsIn('returns')).some(hasPerson)).toBe(true);
});

test('S1-31, B-20 after npm run migrate nothing plain is left in rows and files, and the API shows what it showed', async () => {
  const { code, said } = await migrate('--again');
  expect([code, said]).toEqual([0, expect.stringContaining('migrations ended')]);
  expect(said).toMatch(/order 1 .*[1-9]\d* of \d+ +0 of [1-9]\d*/);
  for (const table of ['orders', 'returns', 'notifications', 'users'])
    expect([table, (await rowsIn(table)).filter(hasPerson)]).toEqual([table, []]);
  const lines = await archived();
  expect(lines.some((line) => line.includes(orderId))).toBe(true);
  expect(lines.filter((line) => hasPerson(JSON.parse(line)) || /"type":"OrderPlaced\.v1"/.test(line))).toEqual([]);
  const { client } = await signedIn(shop.tenant, 'staff');
  const { body } = await client.getOrder({ params: { orderId } });
  expect(body).toMatchObject({ customerEmail: person.email, shippingAddress: address, status: 'CONFIRMED' });
  const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': token };
  const followed = await call('GET', `/orders/${orderId}`, { headers });
  expect(followed.body).toMatchObject({ shippingAddress: address });
  expect(followed.body.history).toHaveLength(2);
});

test('S1-31 a parked message of before is parked sealed', async () => {
  const child = await new Promise<string>((done) => {
    const listed = spawn('bash', [resolve('scripts/manage-dlq.sh'), 'list', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    listed.stdout.on('data', (text) => {
      out += text;
    });
    listed.on('close', () => done(out));
  });
  const ours = (JSON.parse(child) as { body: string }[]).filter(({ body }) => body.includes(shop.tenant));
  expect(ours).toHaveLength(1);
  expect(ours.filter(({ body }) => hasPerson(JSON.parse(body)))).toEqual([]);
});

test('S1-31 what is ended is not run again', async () => {
  const { code, said } = await migrate();
  expect([code, said]).toEqual([0, expect.stringContaining('Everything is migrated already')]);
});
