import {
  BatchExecuteStatementCommand,
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { invalid } from './item';
import { batchGet, get, query, scan } from './reads';
import { type Tables, tableNamed } from './request';
import { MemoryTable, type OnChange } from './table';
import { tables as deployedSchemas } from './tables';
import { batchInsert, batchWrite, deleteOf, putOf, single, transact, updateOf } from './writes';

type Answer = (tables: Tables, input: never) => object;

const answers: ReadonlyMap<unknown, Answer> = new Map<unknown, Answer>([
  [GetCommand, get],
  [QueryCommand, query],
  [ScanCommand, scan],
  [BatchGetCommand, batchGet],
  [PutCommand, single(putOf)],
  [UpdateCommand, single(updateOf)],
  [DeleteCommand, single(deleteOf)],
  [TransactWriteCommand, transact],
  [BatchWriteCommand, batchWrite],
  [BatchExecuteStatementCommand, batchInsert],
]);

/** Answers one command of the document client, in one moment. Throws what the real one throws. */
const answer = (tables: Tables, command: { readonly input: object }): object => {
  const found = answers.get(command.constructor) ?? invalid(`${command.constructor.name} is not known`);
  return found(tables, command.input as never);
};

export type MemoryDynamoDb = {
  /** For the real stores: it sends every command to the tables in memory. */
  readonly db: DynamoDBDocumentClient;
  readonly table: (name: string) => MemoryTable;
};

type Options = {
  readonly onChange?: ((table: string, ...change: Parameters<OnChange>) => void) | undefined;
  /** Whether indexes follow their tables only at `catchUp`. @default false */
  readonly lagging?: boolean | undefined;
};

/**
 * Returns a DynamoDB in memory with the deployed tables, all empty: conditions, updates, transactions with their
 * cancellation reasons, indexes with paging, batches, PartiQL's INSERT, streams and time to live, as the stores use
 * them. Requests that the real one refuses are refused.
 */
export const memoryDynamoDb = ({ onChange, lagging = false }: Options = {}): MemoryDynamoDb => {
  const tables: Tables = new Map(
    Object.entries(deployedSchemas).map(([name, schema]) => [
      name,
      new MemoryTable(name, schema, { lagging, onChange: (...change) => onChange?.(name, ...change) }),
    ]),
  );
  const db = Object.assign(Object.create(DynamoDBDocumentClient.prototype) as DynamoDBDocumentClient, {
    send: async (command: { readonly input: object }) => answer(tables, command),
  });
  return { db, table: (name) => tableNamed(tables, name) };
};
