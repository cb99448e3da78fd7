import { type DynamoDBDocumentClient, GetCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/** An erased subject, as the privacy service stores it: with the keys that were destroyed. */
const SubjectRow = z.object({
  erasureId: z.string(),
  subject: z.string(),
  refs: z.array(z.object({ keys: z.string(), number: z.int().nonnegative() })),
});
type SubjectRow = z.infer<typeof SubjectRow>;

export type Repeat = {
  readonly db: DynamoDBDocumentClient;
  readonly erasures: string;
  /** The table of keys, perhaps a restored one. */
  readonly keys: string;
  /** @default every tenant */
  readonly tenant?: string | undefined;
  /** Whether the keys that exist are counted alone. */
  readonly dryRun: boolean;
  readonly now: () => Date;
};

/** `back`: the keys that existed again. */
export type Repeated = { readonly subjects: number; readonly keys: number; readonly back: number };

const subjectMark = '#SUBJECT#';

const tenantOf = ({ erasureId }: SubjectRow): string => erasureId.slice(0, erasureId.indexOf('#'));

async function* subjectsIn({ db, erasures, tenant }: Repeat): AsyncGenerator<SubjectRow> {
  const pages = paginateScan({ client: db }, { TableName: erasures, ConsistentRead: true });
  for await (const { Items = [] } of pages) {
    const rows = Items.filter(({ erasureId }) => String(erasureId).includes(subjectMark));
    for (const row of rows.map((item) => SubjectRow.parse(item)))
      if (tenant === undefined || tenantOf(row) === tenant) yield row;
  }
}

type KeyAt = { readonly keyId: string; readonly name: string };

const exists = async ({ db, keys }: Repeat, { keyId, name }: KeyAt): Promise<boolean> => {
  const { Item = {} } = await db.send(new GetCommand({ TableName: keys, Key: { keyId }, ConsistentRead: true }));
  return Item[name] !== undefined;
};

/** Destroys a key, as the key ring does. Returns whether it existed. */
const destroy = async ({ db, keys, now }: Repeat, { keyId, name }: KeyAt): Promise<boolean> => {
  const { Attributes = {} } = await db.send(
    new UpdateCommand({
      TableName: keys,
      Key: { keyId },
      UpdateExpression: 'SET destroyedAt = :at REMOVE #key',
      ExpressionAttributeNames: { '#key': name },
      ExpressionAttributeValues: { ':at': now().toISOString() },
      ReturnValues: 'ALL_OLD',
    }),
  );
  return Attributes[name] !== undefined;
};

/**
 * Destroys the keys of every erased subject again, those that a restore has brought back. Doing it twice changes
 * nothing. `report` is told of the subjects so far.
 */
export const repeatErasures = async (repeat: Repeat, report: (subjects: number) => void): Promise<Repeated> => {
  let [subjects, keys, back] = [0, 0, 0];
  for await (const row of subjectsIn(repeat)) {
    for (const ref of row.refs) {
      keys += 1;
      const at = { keyId: `${tenantOf(row)}#${ref.keys}`, name: `k${ref.number}` };
      if (await (repeat.dryRun ? exists : destroy)(repeat, at)) back += 1;
    }
    subjects += 1;
    report(subjects);
  }
  return { subjects, keys, back };
};
