import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { returnStore } from '../../lambda/return/return.store';
import { returnStoreContract } from './return-store.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const returns = tableCopy(client, 'returns');

returnStoreContract('on DynamoDB', () => ({
  store: returnStore(returns, documentClient(client)),
  // an emulator's index is always up to date; on AWS nothing tells how far it is
  settled: () => new Promise((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000)),
}));
