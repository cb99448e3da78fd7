import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { salesStoreContract } from './sales-store.contract';
import { storeSuites } from './store-suites';

const { db } = memoryDynamoDb();
const where = 'over a DynamoDB in memory';

storeSuites(where, { db, table: (name) => name, settled: async () => undefined });
salesStoreContract(where, db);
