import { trustedTenant } from '../kernel/tenant';
import { check, hear, isWatched } from './order-payment';
import type { OrderKey, OrderPaymentStore } from './order-payment.store';
import type { Moment, OrderPayment, Patience, WatchedEvent } from './watched-order';

/** An alert that was just raised. */
export type RaisedAlert = OrderKey & { readonly type: string; readonly error: string };

export type WatchDeps = {
  readonly states: Pick<OrderPaymentStore, 'get' | 'save'>;
  readonly patience: Patience;
  readonly now: () => Date;
  readonly onRaised: (alert: RaisedAlert) => void;
};

const tries = 10; // the events of one order come together

const tellRaised = ({ onRaised }: WatchDeps, { tenant, orderId, alerts, version }: OrderPayment): void => {
  for (const [type, { state, error, changedIn }] of Object.entries(alerts)) {
    if (state === 'RAISED' && changedIn === version) onRaised({ tenant, orderId, type, error });
  }
};

const maxVersions = 5; // what is raised and over at once is two; the sweep goes on with what is left

/** Writes until nothing is left to write. False when somebody else was faster. */
const writeAll = async (deps: WatchDeps, known: OrderPayment | undefined, learnt: OrderPayment, moment: Moment) => {
  let next = check(known, learnt, moment);
  for (let written = 0; next !== undefined && written < maxVersions; written += 1) {
    if (!(await deps.states.save(next))) return false;
    tellRaised(deps, next);
    next = check(next, next, moment);
  }
  return true;
};

/** Learns something of an order and checks it. `learn` answers nothing when there is no news. */
export const settle = async (
  deps: WatchDeps,
  key: OrderKey,
  learn: (
    known: OrderPayment | undefined,
    moment: Moment,
  ) => OrderPayment | undefined | Promise<OrderPayment | undefined>,
): Promise<void> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const moment = { now: deps.now(), patience: deps.patience };
    const known = await deps.states.get(key);
    const learnt = (await learn(known, moment)) ?? known;
    if (learnt === undefined || (await writeAll(deps, known, learnt, moment))) return;
  }
  throw new Error(`order ${key.orderId} and its payment changed ${tries} times meanwhile`);
};

/**
 * Takes what is heard of orders and payments. What may be wrong for 30 s is delivered once more after that time, by a
 * queue that delays it: whatever is heard is checked too.
 */
export const watchPayments =
  (deps: WatchDeps) =>
  async (event: WatchedEvent): Promise<void> => {
    if (!isWatched(event, { now: deps.now(), patience: deps.patience })) return;
    const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
    await settle(deps, key, (known, moment) => hear(known, event, moment));
  };
