import { BatchExecuteStatementCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const batchLimit = 25;

type Row = Readonly<Record<string, unknown>>;

const statement = (table: string, row: Row) => {
  const columns = Object.entries(row).filter(([, value]) => value !== undefined);
  return {
    Statement: `INSERT INTO "${table}" VALUE {${columns.map(([name]) => `'${name}': ?`).join(', ')}}`,
    Parameters: columns.map(([, value]) => value),
  };
};

export type Inserted = 'inserted' | 'existed' | Error;

const insertBatch = async (db: DynamoDBDocumentClient, table: string, rows: readonly Row[]): Promise<Inserted[]> => {
  const { Responses = [] } = await db.send(
    new BatchExecuteStatementCommand({ Statements: rows.map((row) => statement(table, row)) }),
  );
  return rows.map((_, index) => {
    const { Code, Message } = Responses[index]?.Error ?? {};
    if (Code === undefined) return 'inserted';
    if (Code === 'DuplicateItem') return 'existed';
    return new Error(`${table} refused a row: ${Code} ${Message ?? ''}`);
  });
};

/**
 * Inserts each row unless its key exists: one call per 25 rows, one write unit per KB, each row independent of the
 * rest. Returns one outcome per row, in their order. No two rows may have the same key.
 */
export const insertEach = async (
  db: DynamoDBDocumentClient,
  table: string,
  rows: readonly Row[],
): Promise<Inserted[]> => {
  const outcomes: Inserted[] = [];
  for (let at = 0; at < rows.length; at += batchLimit) {
    outcomes.push(...(await insertBatch(db, table, rows.slice(at, at + batchLimit))));
  }
  return outcomes;
};

/** Inserts rows that never change, so that an existing row counts as inserted. Returns an error per row that failed. */
export const insertOnce = async (
  db: DynamoDBDocumentClient,
  table: string,
  rows: readonly Row[],
): Promise<(Error | undefined)[]> =>
  (await insertEach(db, table, rows)).map((outcome) => (outcome instanceof Error ? outcome : undefined));
