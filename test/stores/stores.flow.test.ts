import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sessionStore } from '../../lambda/identity/sessions/session.store';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { leaseStore } from '../../lambda/kernel/http/rate-limit.store';
import { dynamoDbContract } from '../support/dynamodb/dynamodb.contract';
import { storeSuites } from './store-suites';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const db = documentClient(client);

storeSuites('on DynamoDB', {
  db,
  table: (name) => tableCopy(client, name),
  // an emulator's index is always up to date; on AWS nothing tells how far it is
  settled: () => new Promise((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000)),
});

test('S2-34 a session table that cannot be read says so: it has no session that is not there', async () => {
  const nowhere = sessionStore('no-such-table', db);
  await expect(nowhere.get('session-1')).rejects.toMatchObject({ name: 'SessionStoreError' });
  await expect(nowhere.remove('session-1')).rejects.toMatchObject({ name: 'SessionStoreError' });
});

test('S3-52 the leases of one window are never more than its limit', async () => {
  const { lease } = leaseStore('rate-limits', db);
  const bucket = `t-test#${Date.now()}`;
  const asked = { bucket, block: 20, limit: 100, expiresAt: new Date(Date.now() + 60_000) };
  const granted = await Promise.all(Array.from({ length: 9 }, () => lease(asked)));
  expect(granted.filter(Boolean)).toHaveLength(5);
});

dynamoDbContract('of the local AWS, or of AWS', { db, table: tableCopy(client, 'orders') });
