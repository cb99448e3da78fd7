import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { accountStore } from '../../lambda/payment/accounts/account.store';
import { accountStoreContract } from './account-store.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const accounts = tableCopy(client, 'accounts');

accountStoreContract('on DynamoDB', () => accountStore(accounts, documentClient(client)));
