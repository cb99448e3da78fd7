import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conflict, retryOnConflict } from '../../../lambda/kernel/retry';
import type { Tables } from '../system/tables';
import type { Migration, Page, Position } from './migration';
import type { PersonalRows, Row } from './personal-fields';
import { isPersonalRow, isPlainRow, type Sealer } from './sealer';

const pageSize = 100;

type Deps = { readonly tables: Pick<Tables, 'db' | 'called'>; readonly sealer: Sealer };
type Target = { readonly db: DynamoDBDocumentClient; readonly table: string; readonly rows: PersonalRows };

const keyOf = (row: Row, { key }: PersonalRows): Row => Object.fromEntries(key.map((name) => [name, row[name]]));

/**
 * Writes sealed attributes in the place of those that were read, on the condition that they and the version are as read.
 * The version stays: the relay publishes a new version alone, so that no consumer is told. Returns false when it changed.
 */
const replace = async ({ db, table, rows }: Target, row: Row, sealed: Row): Promise<boolean> => {
  const names = Object.keys(sealed);
  const versioned = row.version === undefined ? [] : ['version'];
  const compared = [...names, ...versioned];
  try {
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: keyOf(row, rows),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :new_${name}`).join(', ')}`,
        ConditionExpression: compared.map((name) => `#${name} = :old_${name}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(compared.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...Object.fromEntries(names.map((name) => [`:new_${name}`, sealed[name]])),
          ...Object.fromEntries(compared.map((name) => [`:old_${name}`, row[name]])),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const readAgain = async ({ db, table, rows }: Target, row: Row): Promise<Row | undefined> =>
  (await db.send(new GetCommand({ TableName: table, Key: keyOf(row, rows), ConsistentRead: true }))).Item;

/** Seals one row. One that is changed at every attempt is left to the next pass. */
const sealRow = (target: Target, sealer: Sealer, read: Row): Promise<void> =>
  retryOnConflict<void>({ onExhausted: () => undefined }, async (tried) => {
    const row = tried === 1 ? read : await readAgain(target, read);
    if (row === undefined) return undefined;
    const sealed = await sealer.row(row, target.rows);
    if (Object.keys(sealed).length === 0 || (await replace(target, row, sealed))) return undefined;
    return conflict;
  });

const pageOf = async (target: Target, sealer: Sealer, { cursor, dryRun }: Position): Promise<Page> => {
  const { Items = [], LastEvaluatedKey } = await target.db.send(
    new ScanCommand({
      TableName: target.table,
      ConsistentRead: true,
      Limit: pageSize,
      ...(cursor === undefined ? {} : { ExclusiveStartKey: JSON.parse(cursor) }),
    }),
  );
  const personal = Items.filter((row) => isPersonalRow(row, target.rows));
  const plain = personal.filter((row) => isPlainRow(row, target.rows));
  if (!dryRun) await Promise.all(plain.map((row) => sealRow(target, sealer, row)));
  const next = LastEvaluatedKey === undefined ? undefined : JSON.stringify(LastEvaluatedKey);
  return { seen: personal.length, found: plain.length, next };
};

/** Seals text about people in the rows of one table. */
export const sealRows = (rows: PersonalRows, { tables, sealer }: Deps): Migration => {
  const target = { db: tables.db, table: tables.called(rows.table), rows };
  return {
    service: rows.service,
    number: 1,
    title: 'personal data sealed',
    of: `rows of ${rows.table}`,
    page: (at) => pageOf(target, sealer, at),
  };
};
