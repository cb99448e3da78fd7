import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conflict, retryOnConflict } from '../../../lambda/kernel/retry';
import type { PersonalRows, Row } from './personal-fields';

/** The rows of a table in one system. */
export type StoredRows = { readonly db: DynamoDBDocumentClient; readonly table: string; readonly rows: PersonalRows };

const pageSize = 100;

const keyOf = (row: Row, { key }: PersonalRows): Row => Object.fromEntries(key.map((name) => [name, row[name]]));

/** Reads one page of a table. */
export const scanPage = async ({ db, table }: StoredRows, cursor: string | undefined) => {
  const { Items = [], LastEvaluatedKey } = await db.send(
    new ScanCommand({
      TableName: table,
      ConsistentRead: true,
      Limit: pageSize,
      ...(cursor === undefined ? {} : { ExclusiveStartKey: JSON.parse(cursor) }),
    }),
  );
  const items: Row[] = Items;
  return { items, next: LastEvaluatedKey === undefined ? undefined : JSON.stringify(LastEvaluatedKey) };
};

/** Returns the update that writes `change`, on the condition that what it replaces, the address and the version are as read. */
const updateOf = ({ table, rows }: StoredRows, row: Row, change: Row) => {
  const names = Object.keys(change);
  const compared = [...new Set([...names, ...Object.keys(rows.fields), 'version'])];
  const known = compared.filter((name) => row[name] !== undefined);
  return new UpdateCommand({
    TableName: table,
    Key: keyOf(row, rows),
    UpdateExpression: `SET ${names.map((name) => `#${name} = :new_${name}`).join(', ')}`,
    ConditionExpression: compared
      .map((name) => (known.includes(name) ? `#${name} = :old_${name}` : `attribute_not_exists(#${name})`))
      .concat(rows.key.map((_name, n) => `attribute_exists(#key${n})`))
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([
      ...compared.map((name) => [`#${name}`, name]),
      ...rows.key.map((name, n) => [`#key${n}`, name]),
    ]),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:new_${name}`, change[name]])),
      ...Object.fromEntries(known.map((name) => [`:old_${name}`, row[name]])),
    },
  });
};

const update = async (stored: StoredRows, row: Row, change: Row): Promise<boolean> => {
  try {
    await stored.db.send(updateOf(stored, row, change));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const readAgain = async ({ db, table, rows }: StoredRows, row: Row): Promise<Row | undefined> =>
  (await db.send(new GetCommand({ TableName: table, Key: keyOf(row, rows), ConsistentRead: true }))).Item;

/**
 * Writes the attributes that `changeOf` returns for a row, of the row as it is now. The version stays: relays publish new
 * versions alone, so that no consumer is told. A row that somebody changes at every attempt is left to the next pass.
 */
export const changeRow = (stored: StoredRows, read: Row, changeOf: (row: Row) => Promise<Row>): Promise<void> =>
  retryOnConflict<void>({ onExhausted: () => undefined }, async (tried) => {
    const row = tried === 1 ? read : await readAgain(stored, read);
    if (row === undefined) return undefined;
    const change = await changeOf(row);
    if (Object.keys(change).length === 0 || (await update(stored, row, change))) return undefined;
    return conflict;
  });
