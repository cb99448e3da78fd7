import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { orderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { alertHistoryStoreContract, orderPaymentStoreContract } from './alert-stores.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const db = documentClient(client);
const [states, alerts] = [tableCopy(client, 'order-payment-store'), tableCopy(client, 'sys-pay-alert')];

// an emulator's index is always up to date; on AWS nothing tells how far it is
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000));

orderPaymentStoreContract('on DynamoDB', () => ({ store: orderPaymentStore(states, db), settled }));

alertHistoryStoreContract('on DynamoDB', () => ({ store: alertHistoryStore(alerts, db), settled }));
