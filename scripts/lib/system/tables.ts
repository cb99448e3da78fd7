import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { nameIn } from './stage';
import { clientOptions, type System, stageOf } from './system';

/**
 * The tables of one system, and what each is called there. Whatever reads or writes rows takes these and never a bare
 * client: dev and prod may be in one account, and a name without its stage would be the other's table.
 */
export type Tables = {
  readonly client: DynamoDBClient;
  readonly db: DynamoDBDocumentClient;
  /** What the stage calls a table: `orders` is `dev-orders` on dev. */
  readonly called: (name: string) => string;
};

const tables = (client: DynamoDBClient, called: Tables['called']): Tables => ({
  client,
  db: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
  called,
});

/** The tables of a deployed system. */
export const tablesOf = (system: Pick<System, 'endpoint' | 'region' | 'stage'>): Tables =>
  tables(new DynamoDBClient(clientOptions(system)), (name) => nameIn(stageOf(system), name));

/** The tables of a local system, which have their bare names. */
export const localTables = (client: DynamoDBClient): Tables => tables(client, (name) => name);
