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
import { MemoryTable, type OnChange, type TableSchema } from './table';
import { tables as deployedSchemas } from './tables';
import { batchInsert, batchWrite, deleteOf, putOf, single, transact, updateOf } from './writes';

export type Command = { readonly input: object };

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

const answer = (tables: Tables, command: Command): object => {
  const found = answers.get(command.constructor) ?? invalid(`${command.constructor.name} is not known`);
  return found(tables, command.input as never);
};

/** Returns a document client whose commands `send` answers. */
export const clientSending = (send: (command: Command) => Promise<object>): DynamoDBDocumentClient =>
  Object.assign(Object.create(DynamoDBDocumentClient.prototype) as DynamoDBDocumentClient, { send });

type Interruption = (command: Command) => unknown;

/** Returns a client that runs `before` and `after` around each command. Where one throws, the command fails with that. */
export const interrupted = (
  db: DynamoDBDocumentClient,
  { before, after }: { readonly before?: Interruption; readonly after?: Interruption },
) =>
  clientSending(async (command) => {
    await before?.(command);
    const answer: object = await db.send(command as never);
    await after?.(command);
    return answer;
  });

export type MemoryDynamoDb = {
  /** For the real stores: it sends every command to the tables in memory. */
  readonly db: DynamoDBDocumentClient;
  /** Answers one command at once. Throws what the real one throws. */
  readonly answer: (command: Command) => object;
  readonly table: (name: string) => MemoryTable;
};

type Options = {
  readonly onChange?: ((table: string, ...change: Parameters<OnChange>) => void) | undefined;
  /** The tables whose indexes follow only at `catchUp`. @default none */
  readonly lagging?: readonly string[] | undefined;
};

/**
 * Returns a DynamoDB in memory with the deployed tables, all empty: conditions, updates, transactions with their
 * cancellation reasons, indexes with paging, batches, PartiQL's INSERT, streams and time to live, as the stores use
 * them. Requests that the real one refuses are refused.
 */
export const memoryDynamoDb = ({ onChange, lagging = [] }: Options = {}): MemoryDynamoDb => {
  const made = new Map<string, MemoryTable>();
  const make = (name: string): MemoryTable | undefined => {
    const schema = (deployedSchemas as Readonly<Record<string, TableSchema>>)[name];
    if (schema === undefined) return undefined;
    const options = {
      lagging: lagging.includes(name),
      onChange: (...change: Parameters<OnChange>) => onChange?.(name, ...change),
    };
    const table = new MemoryTable(name, schema, options);
    made.set(name, table);
    return table;
  };
  const tables: Tables = { get: (name) => made.get(name) ?? make(name) }; // a test needs few of them
  return {
    db: clientSending(async (command) => answer(tables, command)),
    answer: (command) => answer(tables, command),
    table: (name) => tableNamed(tables, name),
  };
};
