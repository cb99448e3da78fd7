import type {
  StockDiscrepancyFound,
  StockDiscrepancyResolved,
  StockShort,
  StockShortageEnded,
} from '../contracts/inventory-events';
import { trustedTenant } from '../kernel/tenant';
import { type Alert, decide, type Sign } from './alert';
import type { AlertStore } from './alert.store';

/** What alerts come of, and what ends them. */
export type Signal = StockShort | StockShortageEnded | StockDiscrepancyFound | StockDiscrepancyResolved;

const versionOf = ({ id }: Signal) => Number(id.slice(id.lastIndexOf(':') + 1));

const wrongWith = (event: Signal): Sign['wrong'] => {
  switch (event.type) {
    case 'StockShort.v1': {
      const { productId, name, available, requested } = event.data.shortage;
      const error = `Insufficient stock for ${name}. Available: ${available}, Requested: ${requested}`;
      return { error, facts: `short of ${productId}` };
    }
    case 'StockDiscrepancyFound.v1': {
      const { onHand, expectedOnHand, reserved, expectedReserved } = event.data;
      const error = `On hand ${onHand}, expected ${expectedOnHand}. Reserved ${reserved}, expected ${expectedReserved}`;
      return { error, facts: `off by ${onHand - expectedOnHand} and ${reserved - expectedReserved}` };
    }
    case 'StockShortageEnded.v1':
    case 'StockDiscrepancyResolved.v1':
      return undefined;
  }
};

const isOfOrder = (event: Signal): event is StockShort | StockShortageEnded => 'orderId' in event.data;

const signOf = (event: Signal): Sign => ({
  tenant: trustedTenant(event.tenantid),
  type: isOfOrder(event) ? 'inventory_reservation_failed' : 'stock_discrepancy',
  subject: event.subject,
  sourceVersion: versionOf(event),
  at: event.time,
  cause: { correlationId: event.correlationid, causationId: event.id, traceparent: event.traceparent },
  wrong: wrongWith(event),
});

const tries = 5;

/** What was written; nothing when it is no news. */
const settle = async (alerts: AlertStore, sign: Sign): Promise<Alert | undefined> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const next = decide(await alerts.get(sign), sign);
    if (next === undefined || (await alerts.save(next))) return next;
  }
  throw new Error(`the alert ${sign.type} of ${sign.subject} changed ${tries} times meanwhile`);
};

/** Raises an alert, counts it when it is raised already, or resolves it. `onRaised` hears of each that is new. */
export const raiseAlert =
  (alerts: AlertStore, onRaised: (alert: Alert) => void) =>
  async (event: Signal): Promise<void> => {
    const written = await settle(alerts, signOf(event));
    if (written?.fact.type === 'AlertRaised') onRaised(written);
  };
