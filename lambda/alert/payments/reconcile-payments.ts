import { trustedTenant } from '../../kernel/tenant';
import { ownersBefore, type QueryOwners, queryOwners } from './owners';
import { applyEvent, check, isReconciled } from './payment-alerts';
import type { Moment, OrderPayment, Timeouts, WatchedEvent } from './payment-state';
import type { OrderKey, OrderPaymentStore } from './payment-state.store';

/** An alert that was just raised. */
export type RaisedAlert = OrderKey & { readonly type: string; readonly error: string };

export type ReconcileDeps = {
  readonly states: Pick<OrderPaymentStore, 'get' | 'save'>;
  readonly timeouts: Timeouts;
  readonly now: () => Date;
  readonly onRaised: (alert: RaisedAlert) => void;
  /** Asks the services that own what is watched. */
  readonly ask: QueryOwners;
  /** Hears of a query that was not answered: what is due stays due, and the sweep asks again. */
  readonly onUnanswered: (error: unknown) => void;
};

type SettleDeps = Omit<ReconcileDeps, 'ask' | 'onUnanswered'>;

const tries = 10; // the events of one order come together

const tellRaised = ({ onRaised }: SettleDeps, { tenant, orderId, alerts, version }: OrderPayment): void => {
  for (const [type, { state, error, changedIn }] of Object.entries(alerts)) {
    if (state === 'RAISED' && changedIn === version) onRaised({ tenant, orderId, type, error });
  }
};

const maxVersions = 5; // what is raised and over at once is two; the sweep goes on with what is left

/** Writes until nothing is left to write, and returns what was written last. Returns undefined when somebody else was faster. */
const writeAll = async (deps: SettleDeps, known: OrderPayment | undefined, learnt: OrderPayment, moment: Moment) => {
  let last = known ?? learnt;
  let next = check(known, learnt, moment);
  for (let written = 0; next !== undefined && written < maxVersions; written += 1) {
    if (!(await deps.states.save(next))) return undefined;
    tellRaised(deps, next);
    last = next;
    next = check(next, next, moment);
  }
  return last;
};

type Learn = (
  known: OrderPayment | undefined,
  moment: Moment,
) => OrderPayment | undefined | Promise<OrderPayment | undefined>;

/** Learns something of an order, checks it, and returns what is known. `learn` returns undefined when there is no news. */
export const settle = async (deps: SettleDeps, key: OrderKey, learn: Learn): Promise<OrderPayment | undefined> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const moment = { now: deps.now(), timeouts: deps.timeouts };
    const known = await deps.states.get(key);
    const learnt = (await learn(known, moment)) ?? known;
    const written = learnt && (await writeAll(deps, known, learnt, moment));
    if (learnt === undefined || written !== undefined) return written;
  }
  throw new Error(`order ${key.orderId} and its payment changed ${tries} times meanwhile`);
};

/** Asks the owners of what is missing, when that is due to be raised. */
const askBefore = (deps: ReconcileDeps, key: OrderKey): Promise<OrderPayment | undefined> =>
  settle(deps, key, async (known, moment) => {
    const owners = known === undefined ? [] : ownersBefore(known, moment);
    return known && owners.length > 0 ? queryOwners(deps.ask, known, owners, moment.now) : undefined;
  });

/**
 * Takes what is heard of orders and payments. What may be wrong for 30 s is delivered once more after that time, by a
 * queue that delays it: whatever is heard is checked too. What follows from what was not heard is asked for first.
 */
export const reconcilePayments =
  (deps: ReconcileDeps) =>
  async (event: WatchedEvent): Promise<void> => {
    const moment = { now: deps.now(), timeouts: deps.timeouts };
    if (!isReconciled(event, moment)) return;
    const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
    const known = await settle(deps, key, (before, at) => applyEvent(before, event, at));
    if (known === undefined || ownersBefore(known, moment).length === 0) return;
    await askBefore(deps, key).catch(deps.onUnanswered); // what was heard is written: only the answer is missing
  };
