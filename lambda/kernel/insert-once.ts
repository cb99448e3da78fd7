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

const insertBatch = async (db: DynamoDBDocumentClient, table: string, rows: readonly Row[]) => {
  const { Responses = [] } = await db.send(
    new BatchExecuteStatementCommand({ Statements: rows.map((row) => statement(table, row)) }),
  );
  return rows.map((_, index) => {
    const { Code, Message } = Responses[index]?.Error ?? {};
    if (Code === undefined || Code === 'DuplicateItem') return undefined;
    return new Error(`${table} refused a row: ${Code} ${Message ?? ''}`);
  });
};

/**
 * Inserts each row unless its key exists already: one call for 25 rows, one write unit for each KB, each row by itself.
 * Answers with one outcome a row, in their order; a row that was there before is as good as inserted.
 * No two rows may have the same key.
 */
export const insertOnce = async (
  db: DynamoDBDocumentClient,
  table: string,
  rows: readonly Row[],
): Promise<(Error | undefined)[]> => {
  const outcomes: (Error | undefined)[] = [];
  for (let at = 0; at < rows.length; at += batchLimit) {
    outcomes.push(...(await insertBatch(db, table, rows.slice(at, at + batchLimit))));
  }
  return outcomes;
};
