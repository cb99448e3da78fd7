import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sessionStore } from '../../lambda/identity/sessions/session.store';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { sessionStoreContract } from './session-store.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});

sessionStoreContract('on DynamoDB', sessionStore(tableCopy(client, 'sessions'), documentClient(client)));

test('S2-34 a table that cannot be read says so: it has no session that is not there', async () => {
  const nowhere = sessionStore('no-such-table', documentClient(client));
  await expect(nowhere.get('session-1')).rejects.toMatchObject({ name: 'SessionStoreError' });
  await expect(nowhere.remove('session-1')).rejects.toMatchObject({ name: 'SessionStoreError' });
});
