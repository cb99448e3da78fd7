import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { paymentStore } from '../../lambda/payment/payment.store';
import { paymentStoreContract } from './payment-store.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const payments = tableCopy(client, 'payments');

paymentStoreContract('on DynamoDB', () => ({
  store: paymentStore(payments, documentClient(client)),
  // an emulator's index is always up to date; on AWS nothing tells how far it is
  settled: () => new Promise((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000)),
}));
