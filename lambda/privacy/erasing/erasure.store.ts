import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Claim, claimColumns, claimId } from '../../kernel/dynamodb/claim';
import { queryDue, rescheduleRow } from '../../kernel/dynamodb/due-index';
import { batchGet, existingRow, putNew, putNext, transact, unlessRefused } from '../../kernel/dynamodb/dynamodb';
import { idOfKey, parseTenantKey, type Tenant } from '../../kernel/tenant';
import type { ErasedSubject, Erasure, ErasureKey, Person } from './erasure';
import {
  activeKey,
  erasureFromRow,
  erasureKey,
  erasureToRow,
  subjectFromRow,
  subjectKey,
  subjectToRow,
} from './erasure-row';

type Erasures = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Row = Record<string, unknown>;

/** The hash of the request that made a claim, and the erasure that it created. */
export type ClaimHolder = { readonly requestHash: string; readonly erasureId: string };

/** The outcome of storing a new erasure. `active` is the person's erasure that has not ended. */
export type RequestOutcome = 'stored' | { readonly active: string } | { readonly claimedBy: ClaimHolder };

const read = async ({ table, db }: Erasures, erasureId: string): Promise<Row | undefined> => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: { erasureId }, ConsistentRead: true }));
  return Item;
};

const holderOf = ({ requestHash, claimedErasure }: Row): ClaimHolder => ({
  requestHash: String(requestHash),
  erasureId: String(claimedErasure),
});

const claimRow = ({ tenant, erasureId }: ErasureKey, claim: Claim) => ({
  erasureId: claimId(tenant, claim.key),
  ...claimColumns(claim),
  claimedErasure: erasureId,
});

const request = async ({ table, db }: Erasures, erasure: Erasure, claim?: Claim): Promise<RequestOutcome> => {
  const { tenant, erasureId, person } = erasure;
  const active = { erasureId: activeKey(tenant, person), activeErasure: erasureId };
  const rows = [erasureToRow(erasure), active, ...(claim === undefined ? [] : [claimRow(erasure, claim)])];
  const cancelled = await transact(
    db,
    rows.map((row) => ({ Put: putNew(table, 'erasureId', row) })),
  );
  if (cancelled === undefined) return 'stored';
  const [other, holder] = [existingRow(cancelled, 1), existingRow(cancelled, 2)];
  if (holder !== undefined) return { claimedBy: holderOf(holder) };
  if (other !== undefined) return { active: String(other.activeErasure) };
  throw cancelled;
};

/** Writes the last version, and deletes the row by which the person's erasure was found. */
const end = async ({ table, db }: Erasures, next: Erasure, person: Person): Promise<boolean> => {
  const cancelled = await transact(db, [
    { Put: putNext(table, erasureToRow(next)) },
    { Delete: { TableName: table, Key: { erasureId: activeKey(next.tenant, person) } } },
  ]);
  return cancelled === undefined;
};

const erasedSubjects = async ({ table, db }: Erasures, tenant: Tenant, subjects: readonly string[]) => {
  const keys = subjects.map((subject) => ({ erasureId: subjectKey(tenant, subject) }));
  return (await batchGet(db, table, keys, { ConsistentRead: true })).map(subjectFromRow);
};

/** An erasure that is due since `dueAt`. */
export type DueErasure = ErasureKey & { readonly dueAt: string };

const due = (erasures: Erasures, until: Date, limit: number): Promise<DueErasure[]> =>
  queryDue({ ...erasures, shards: 1, key: ['erasureId'] }, { until, limit }, ({ erasureId, dueAt }) => {
    const { tenant } = parseTenantKey(String(erasureId));
    return { tenant, erasureId: idOfKey(erasureId), dueAt: String(dueAt) };
  });

/** Stores erasures and what they have erased. Every update checks the previous version. */
export const erasureStore = (table: string, db: DynamoDBDocumentClient) => {
  const erasures = { table, db };
  return {
    /** Stores a new erasure with its claim, unless another one of the person has not ended. */
    request: (erasure: Erasure, claim?: Claim): Promise<RequestOutcome> => request(erasures, erasure, claim),

    /** Reads one erasure with a consistent read. */
    get: async ({ tenant, erasureId }: ErasureKey): Promise<Erasure | undefined> => {
      const row = await read(erasures, erasureKey(tenant, erasureId));
      return row === undefined ? undefined : erasureFromRow(row);
    },

    /** Returns the holder of the claim on an idempotency key, or undefined when it is unclaimed. */
    claimedBy: async (tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => {
      const row = await read(erasures, claimId(tenant, key));
      return row === undefined ? undefined : holderOf(row);
    },

    /** Writes the version after `before`. Returns false on a version conflict. */
    save: (before: Erasure, next: Erasure): Promise<boolean> =>
      next.state === 'ERASED'
        ? end(erasures, next, before.person)
        : unlessRefused(() => db.send(new PutCommand(putNext(table, erasureToRow(next))))),

    /** Stores an erased subject, unless it is stored already. */
    putErased: async (subject: ErasedSubject): Promise<void> => {
      await unlessRefused(() => db.send(new PutCommand(putNew(table, 'erasureId', subjectToRow(subject)))));
    },

    /** Returns those of the subjects that are erased. */
    erased: (tenant: Tenant, subjects: readonly string[]): Promise<ErasedSubject[]> =>
      erasedSubjects(erasures, tenant, subjects),

    /** Returns the due erasures. The index is eventually consistent. */
    due: (until: Date, limit: number): Promise<DueErasure[]> => due(erasures, until, limit),

    /** Reschedules an erasure without reading its row. Returns false when it has changed meanwhile. */
    rescheduleUnreadable: ({ tenant, erasureId, dueAt: before }: DueErasure, until: Date): Promise<boolean> =>
      rescheduleRow(erasures, { erasureId: erasureKey(tenant, erasureId) }, { before, until }),
  };
};

export type ErasureStore = ReturnType<typeof erasureStore>;
