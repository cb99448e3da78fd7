import { conflict, retryOnConflict } from '../../kernel/retry';
import { trustedTenant } from '../../kernel/tenant';
import { ownersToConfirm, type QueryOwners, queryOwners } from './owners';
import { applyEvent, check, isReconciled } from './payment-alerts';
import type { Moment, OrderPayment, ReconciledEvent, Timeouts } from './payment-state';
import type { OrderKey, OrderPaymentStore } from './payment-state.store';

/** An alert that was just raised. */
export type RaisedAlert = OrderKey & { readonly type: string; readonly error: string };

export type ReconcileDeps = {
  readonly states: Pick<OrderPaymentStore, 'get' | 'save'>;
  readonly timeouts: Timeouts;
  readonly now: () => Date;
  readonly onRaised: (alert: RaisedAlert) => void;
  readonly query: QueryOwners;
  /** Called with the error of a query without an answer. The check stays due, and the sweep queries again. */
  readonly onUnanswered: (error: unknown) => void;
};

type UpdateDeps = Omit<ReconcileDeps, 'query' | 'onUnanswered'>;

const maxAttempts = 10; // the events of one order arrive together

const reportRaised = ({ onRaised }: UpdateDeps, { tenant, orderId, alerts, version }: OrderPayment): void => {
  for (const [type, { state, error, changedIn }] of Object.entries(alerts)) {
    if (state === 'RAISED' && changedIn === version) onRaised({ tenant, orderId, type, error });
  }
};

const maxVersions = 5; // an alert that is raised and over at once needs two; the sweep writes the rest

/** Writes until nothing is left to write. Returns the last version. */
const writeAll = async (deps: UpdateDeps, known: OrderPayment | undefined, changed: OrderPayment, moment: Moment) => {
  let last = known ?? changed;
  let next = check(known, changed, moment);
  for (let written = 0; next !== undefined && written < maxVersions; written += 1) {
    if (!(await deps.states.save(next))) return conflict;
    reportRaised(deps, next);
    last = next;
    next = check(next, next, moment);
  }
  return last;
};

type Change = (
  known: OrderPayment | undefined,
  moment: Moment,
) => OrderPayment | undefined | Promise<OrderPayment | undefined>;

/** Changes a state, checks it and saves it. `change` returns undefined when it changes nothing. */
export const updateOrderPayment = async (
  deps: UpdateDeps,
  key: OrderKey,
  change: Change,
): Promise<OrderPayment | undefined> =>
  retryOnConflict(
    {
      attempts: maxAttempts,
      onExhausted: `order ${key.orderId} and its payment changed ${maxAttempts} times while it was being checked`,
    },
    async () => {
      const moment = { now: deps.now(), timeouts: deps.timeouts };
      const known = await deps.states.get(key);
      const changed = (await change(known, moment)) ?? known;
      return changed && writeAll(deps, known, changed, moment);
    },
  );

/** Queries the owners that must confirm what is due. */
const confirmDue = (deps: ReconcileDeps, key: OrderKey): Promise<OrderPayment | undefined> =>
  updateOrderPayment(deps, key, async (known, moment) => {
    const owners = known === undefined ? [] : ownersToConfirm(known, moment);
    return known && owners.length > 0 ? queryOwners(deps.query, known, owners, moment.now) : undefined;
  });

/**
 * Applies an event of an order or a payment and checks the rules. A delayed queue delivers each event once more after
 * the grace period of 30 s. A violation that follows from a missing event is confirmed with its owner first.
 */
export const reconcilePayments =
  (deps: ReconcileDeps) =>
  async (event: ReconciledEvent): Promise<void> => {
    const moment = { now: deps.now(), timeouts: deps.timeouts };
    if (!isReconciled(event, moment)) return;
    const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
    const known = await updateOrderPayment(deps, key, (before, at) => applyEvent(before, event, at));
    if (known === undefined || ownersToConfirm(known, moment).length === 0) return;
    await confirmDue(deps, key).catch(deps.onUnanswered); // the event is saved: only the answer is missing
  };
