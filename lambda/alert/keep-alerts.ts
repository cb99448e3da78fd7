import type { AlertEvent } from '../contracts/alert-events';
import { trustedTenant } from '../kernel/tenant';
import { keep } from './kept-alert';
import type { KeptAlertStore } from './kept-alert.store';

const tries = 10; // so many others at most are first

/** Keeps what is told of alerts for operations to read. Told twice, or in another order, it is the same. */
export const keepAlert =
  (alerts: Pick<KeptAlertStore, 'get' | 'save'>, now: () => Date) =>
  async (event: AlertEvent): Promise<void> => {
    for (let tried = 1; tried <= tries; tried += 1) {
      const known = await alerts.get(trustedTenant(event.tenantid), event.subject);
      const next = keep(known, event, now());
      if (next === undefined || (await alerts.save(next))) return;
    }
    throw new Error(`the alert ${event.subject} changed ${tries} times meanwhile`);
  };
