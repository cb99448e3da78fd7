import type {
  StockDiscrepancyFound,
  StockDiscrepancyResolved,
  StockShort,
  StockShortageEnded,
} from '../../contracts/events/inventory-events';
import type { UnknownPaymentFound } from '../../contracts/events/payment-events';
import { toMajor } from '../../contracts/values/money';
import { conflict, retryOnConflict } from '../../kernel/retry';
import { trustedTenant } from '../../kernel/tenant';
import { type Alert, decide, type Observation, type ObservedAlertType } from './alert';
import type { AlertStore } from './alert.store';

/** The events that raise or resolve an alert of the alerts table. */
export type Signal =
  | StockShort
  | StockShortageEnded
  | StockDiscrepancyFound
  | StockDiscrepancyResolved
  | UnknownPaymentFound;

const versionOf = ({ id }: Signal) => Number(id.slice(id.lastIndexOf(':') + 1));

const verbs = { capture: 'captured', refund: 'refunded', dispute: 'disputed' } as const;
const reasons = {
  'unknown-payment': 'its metadata names an unknown payment',
  'no-metadata': 'its metadata names no payment of this system',
  'other-provider': 'its metadata names a payment of another provider',
  'other-mode': 'it is of another mode (test or live) than the configured keys',
} as const satisfies Record<UnknownPaymentFound['data']['reason'], string>;

const unknownMoney = ({ data }: UnknownPaymentFound): string => {
  const { provider, externalPaymentId, kind, amount, currency, reason } = data;
  const sum = amount === undefined || currency === undefined ? 'Money' : `${toMajor(amount, currency)} ${currency}`;
  return `${sum} ${verbs[kind]} by ${provider} as ${externalPaymentId.slice(0, 100)}: ${reasons[reason]}`;
};

const problemOf = (event: Signal): Observation['problem'] => {
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
    case 'UnknownPaymentFound.v1':
      return { error: unknownMoney(event), facts: event.data.externalPaymentId };
    case 'StockShortageEnded.v1':
    case 'StockDiscrepancyResolved.v1':
      return undefined;
  }
};

const typeOf = ({ type, data }: Signal): ObservedAlertType => {
  if (type === 'UnknownPaymentFound.v1') return 'capture_without_order';
  return 'orderId' in data ? 'inventory_reservation_failed' : 'stock_discrepancy';
};

const observationOf = (event: Signal): Observation => ({
  tenant: trustedTenant(event.tenantid),
  type: typeOf(event),
  subject: event.subject,
  sourceVersion: versionOf(event),
  at: event.time,
  cause: { correlationId: event.correlationid, causationId: event.id, traceparent: event.traceparent },
  problem: problemOf(event),
});

const maxAttempts = 5;

/** Returns the written alert, or undefined when the observation changed nothing. */
const applyObservation = (alerts: AlertStore, observation: Observation): Promise<Alert | undefined> => {
  const { type, subject } = observation;
  const onExhausted = `the alert ${type} of ${subject} changed ${maxAttempts} times while its event was being applied`;
  return retryOnConflict({ attempts: maxAttempts, onExhausted }, async () => {
    const next = decide(await alerts.get(observation), observation);
    return next === undefined || (await alerts.save(next)) ? next : conflict;
  });
};

/** Raises or resolves an alert. A repeated problem updates the raised one. Calls `onRaised` for each new raise. */
export const raiseAlert =
  (alerts: AlertStore, onRaised: (alert: Alert) => void) =>
  async (event: Signal): Promise<void> => {
    const written = await applyObservation(alerts, observationOf(event));
    if (written?.fact.type === 'AlertRaised') onRaised(written);
  };
