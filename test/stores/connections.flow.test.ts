import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { connectionStore } from '../../lambda/live/connection.store';
import { connectionStoreContract } from './connection-store.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});

connectionStoreContract('on DynamoDB', connectionStore(tableCopy(client, 'live-connections'), documentClient(client)));
