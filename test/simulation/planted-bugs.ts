import { idsFromMessages, obedient, parkOnce } from './planted-consumer-bugs';
import {
  acknowledgedFirst,
  billPerCall,
  claimBesideOrder,
  foundByCode,
  neverRecorded,
  numbersReadThenWritten,
  oneTenant,
  unversioned,
  voidAgain,
} from './planted-order-bugs';
import { answersOnce, dedupeOff, readThenWrite, tombstoneIgnored } from './planted-stock-bugs';
import { nothingFound, publishAllAlways } from './planted-sweep-bugs';
import { type Parts, soundParts } from './system';

/** A mistake that somebody might make, and the promise that it breaks. */
export type PlantedBug = { readonly breaks: string; readonly parts: Parts };

const planted = (breaks: string, parts: Partial<Parts>): PlantedBug => ({ breaks, parts: { ...soundParts, ...parts } });

const versionless = (id: string) => id.replace(/:\d+$/, ':1');

/** Every bug that the simulation must catch, by name. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'answer-before-storing': planted('P1', { orderStore: acknowledgedFirst }),
  'numbers-read-then-written': planted('P1', { orderStore: numbersReadThenWritten }),
  'save-without-version': planted('P1', { orderStore: unversioned }),
  'tombstone-ignored': planted('P1', { stockStore: tombstoneIgnored }),
  'event-id-from-message-id': planted('P2', { consume: idsFromMessages }),
  'event-id-without-version': planted('P2', {
    orderEvent: (order) => {
      const event = soundParts.orderEvent(order);
      return event && { ...event, id: versionless(event.id) };
    },
  }),
  'bill-for-each-delivery': planted('P2', { billStore: billPerCall }),
  'mail-for-each-delivery': planted('P2', { notificationStore: neverRecorded }),
  'claim-beside-the-order': planted('P3', { orderStore: claimBesideOrder }),
  'stock-dedupe-off': planted('P4', { stockStore: dedupeOff }),
  'stock-read-then-written': planted('P4', { stockStore: readThenWrite }),
  'failures-acknowledged': planted('P6', { consume: obedient }),
  'parking-failure-ignored': planted('P6', { consume: parkOnce }),
  'tenant-left-out': planted('P6', { billStore: oneTenant }),
  'void-again': planted('P7', { billStore: voidAgain }),
  'order-found-by-code': planted('P8', { orderStore: foundByCode }),
  'sweep-off': planted('P11', { sweepDueOrders: nothingFound }),
  'inventory-answers-once': planted('P11', { stockStore: answersOnce }),
  'sweep-publishes-everything': planted('P11', { sweepDueOrders: publishAllAlways }),
};
