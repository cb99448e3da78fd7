import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { tables } from '../support/dynamodb/tables';
import { storeSuites } from './store-suites';

const { db } = memoryDynamoDb(tables);

storeSuites('over a DynamoDB in memory', { db, table: (name) => name, settled: async () => undefined });
