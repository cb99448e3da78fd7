import type { Publish, Publishable } from '../kernel/publish';
import {
  addMovement,
  addReservation,
  decideNote,
  decideRepair,
  discrepancyOf,
  isSameGap,
  type Judged,
  judge,
  keyOf,
  type SumsByProduct,
  toTellAgain,
} from './audit';
import type { AuditStore } from './audit.store';
import type { LedgerStore } from './ledger.store';
import { availabilityEvent, discrepancyEvent } from './stock-event';
import type { Discrepancy, ProductKey } from './stock-item';
import { isDeleted } from './stock-item';

export type AuditDeps = {
  readonly audit: AuditStore;
  readonly ledger: Pick<LedgerStore, 'save' | 'record'>;
  readonly publish: Publish;
  readonly now: () => Date;
};

/** Mends what is wrong by a movement. */
export type Repair = { readonly reason: string; readonly by: string };

type Found = Pick<ProductKey, 'productId'> & { readonly tenantId: string } & Discrepancy;

export type AuditReport = {
  /** Products whose figures were compared with what they come from. */
  judged: number;
  /** Products that changed while they were looked at: the next audit judges them. */
  busy: number;
  differences: Found[];
  repaired: number;
  /** Products of which more is held than is there: somebody must count them. */
  unrepairable: number;
  /** Events that were published again. */
  toldAgain: number;
};

type Look = { readonly judged: ReadonlyMap<string, Judged>; readonly busy: number };

const addUp = async (audit: AuditStore): Promise<SumsByProduct> => {
  const all: SumsByProduct = new Map();
  for await (const movement of audit.movements()) addMovement(all, movement);
  for await (const reservation of audit.reservations()) addReservation(all, reservation);
  return all;
};

/** Judges the products that nobody changed while their movements and reservations were read. */
const look = async (audit: AuditStore): Promise<Look> => {
  const versions = new Map<string, number>();
  for await (const item of audit.items()) versions.set(keyOf(item), item.version);
  const sums = await addUp(audit);
  const judged = new Map<string, Judged>();
  let busy = 0;
  for await (const item of audit.items()) {
    if (versions.get(keyOf(item)) === item.version) judged.set(keyOf(item), judge(item, sums));
    else busy += 1;
  }
  return { judged, busy };
};

/** What is wrong in both looks by the same number. */
const confirmed = (first: Look, second: Look): Judged[] =>
  [...second.judged].flatMap(([key, judged]) => {
    const before = first.judged.get(key);
    const discrepancy = discrepancyOf(judged);
    const sure = before !== undefined && discrepancy !== undefined && isSameGap(discrepancyOf(before), discrepancy);
    return sure ? [judged] : [];
  });

const isWrong = ({ judged }: Look) => [...judged.values()].some((one) => discrepancyOf(one) !== undefined);

const repairAll = async ({ ledger, now }: AuditDeps, wrong: readonly Judged[], repair: Repair, report: AuditReport) => {
  for (const judged of wrong) {
    const repaired = decideRepair(judged, { ...repair, at: now() });
    if (repaired === undefined) report.unrepairable += 1;
    else if (await ledger.record(repaired)) report.repaired += 1;
  }
};

/** Notes on each row what is wrong with it, and takes off what is not any more: the relay tells of both. */
const noteAll = async ({ ledger, now }: AuditDeps, found: readonly Judged[]) => {
  for (const judged of found) {
    const noted = decideNote(judged, now());
    if (noted !== undefined) await ledger.save(noted);
  }
};

/** Publishes again what may have been lost on the way, under the ID of each product's newest version. */
const tellAgain = async ({ publish, now }: AuditDeps, { judged }: Look): Promise<number> => {
  const events = [...judged.values()].flatMap((one): Publishable[] => {
    const { item } = one;
    if (isDeleted(item)) return [];
    return [
      ...(toTellAgain(one, now()) ? [availabilityEvent(item)] : []),
      ...(item.discrepancy === undefined ? [] : [discrepancyEvent(item)]),
    ];
  });
  await publish(events);
  return events.length;
};

/**
 * Compares every stock row with the movements and reservations that it comes from. A difference counts when it is seen
 * twice, and is then noted on the row. With `repair` it is mended by a movement instead.
 */
export const auditStock =
  (deps: AuditDeps) =>
  async (repair?: Repair): Promise<AuditReport> => {
    const first = await look(deps.audit);
    const second = isWrong(first) ? await look(deps.audit) : first;
    const wrong = confirmed(first, second);
    const report: AuditReport = {
      judged: second.judged.size,
      busy: second.busy,
      differences: wrong.flatMap((judged) => {
        const { tenant: tenantId, productId } = judged.item;
        return [discrepancyOf(judged) ?? []].flat().map((found) => ({ tenantId, productId, ...found }));
      }),
      repaired: 0,
      unrepairable: 0,
      toldAgain: await tellAgain(deps, second),
    };
    const balanced = [...second.judged.values()].filter((one) => discrepancyOf(one) === undefined);
    if (repair === undefined) await noteAll(deps, [...wrong, ...balanced]);
    else await repairAll(deps, wrong, repair, report);
    return report;
  };
