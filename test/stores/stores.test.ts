import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { storeSuites } from './store-suites';

const { db } = memoryDynamoDb();

storeSuites('over a DynamoDB in memory', { db, table: (name) => name, settled: async () => undefined });
