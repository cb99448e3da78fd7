import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

type Row = Readonly<Record<string, unknown>>;

/** A table and its index of one partition, in the order of the rows, that takes no more keys at once than DynamoDB does. */
export const indexedTable = (table: string, key: string, rows: readonly Row[]) => {
  const byKey = new Map(rows.map((row, at) => [row[key], { row, at }]));
  const limits: number[] = [];
  const query = ({ input: { Limit = 0, ExclusiveStartKey } }: QueryCommand) => {
    limits.push(Limit);
    const from = ExclusiveStartKey === undefined ? 0 : (byKey.get(ExclusiveStartKey[key])?.at ?? rows.length) + 1;
    const Items = rows.slice(from, from + Limit);
    return { Items, LastEvaluatedKey: from + Limit < rows.length ? Items.at(-1) : undefined };
  };
  const send = async (command: unknown) => {
    if (command instanceof QueryCommand) return query(command);
    if (!(command instanceof BatchGetCommand)) throw new Error('neither a query nor a read of a batch');
    const keys = command.input.RequestItems?.[table]?.Keys ?? [];
    if (keys.length > 100) throw new Error('Too many items requested for the BatchGetItem call');
    return { Responses: { [table]: keys.flatMap((one) => byKey.get(one[key])?.row ?? []) } };
  };
  return { table, db: { send } as unknown as DynamoDBDocumentClient, limits };
};

/** Every item of a list, page by page, by its cursor; and how many pages that were. */
export const readAll = async <Item, Mark>(
  page: (after: Mark | undefined) => Promise<{ readonly items: readonly Item[]; readonly next?: Mark | undefined }>,
) => {
  const items: Item[] = [];
  let pages = 0;
  let after: Mark | undefined;
  do {
    const read = await page(after);
    items.push(...read.items);
    after = read.next;
    pages += 1;
  } while (after !== undefined && pages < 1000);
  return { items, pages };
};
