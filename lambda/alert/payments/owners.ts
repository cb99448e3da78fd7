import { OrderDescribed } from '../../contracts/calls/order-calls';
import { PaymentDescribed } from '../../contracts/calls/service-calls';
import { PaymentAlertType } from '../../contracts/events/alert-events';
import { applyOrder, applyPayment, knownPaymentVersion } from './apply-events';
import { earlier, later, type Moment, type OrderPayment, type Owner } from './payment-state';
import { isClosed, rules } from './rules';
import type { Violation } from './violation';

/** Queries the services that own orders and payments: the state may have changed while its event is late or lost. */
export type QueryOwners = Readonly<Record<Owner, (query: unknown) => Promise<unknown>>>;

/** How long after an answer its owner is queried again about a raised alert. */
const queryAgainSeconds = 300;

const knownVersion = (state: OrderPayment, owner: Owner): number =>
  owner === 'order' ? (state.order?.version ?? 0) : knownPaymentVersion(state);

/** The owner's last answer, unless a newer event has arrived. */
const answerOf = (state: OrderPayment, owner: Owner) => {
  const answer = state.answered?.[owner];
  return answer !== undefined && answer.version >= knownVersion(state, owner) ? answer : undefined;
};

/** Whether a violation needs no confirmation, or its owner has answered since it was due. */
export const isConfirmed = (state: OrderPayment, { confirmWith, dueAt }: Violation): boolean => {
  const answer = confirmWith && answerOf(state, confirmWith);
  return confirmWith === undefined || (answer !== undefined && answer.at >= dueAt);
};

const nextQueryAt = (state: OrderPayment, owner: Owner, raisedAt: string): string => {
  const answer = answerOf(state, owner);
  return answer === undefined || answer.at < raisedAt ? raisedAt : later(answer.at, queryAgainSeconds);
};

const ownersOf = (type: PaymentAlertType, violation: Violation | undefined): Owner[] => [
  ...new Set([rules[type].resolvedBy, ...(violation?.confirmWith === undefined ? [] : [violation.confirmWith])]),
];

/** Returns when the owners are queried again whether a raised alert is over. */
export const queryAgainAt = (
  state: OrderPayment,
  type: PaymentAlertType,
  violation: Violation | undefined,
): string | undefined => {
  const { lastAt } = state.alerts[type] ?? {};
  if (lastAt === undefined) return undefined;
  return ownersOf(type, violation).reduce<string | undefined>(
    (first, owner) => earlier(first, nextQueryAt(state, owner, lastAt)),
    undefined,
  );
};

/** Returns the owners that must confirm what is due before it raises an alert. */
export const ownersToConfirm = (state: OrderPayment, { now, timeouts }: Moment): Owner[] => {
  const owners = PaymentAlertType.options.flatMap((type) => {
    const violation = rules[type].find(state, timeouts);
    const alert = state.alerts[type];
    if (violation === undefined || alert?.state === 'RAISED' || isClosed(alert, violation)) return [];
    if (violation.dueAt > now.toISOString()) return [];
    return isConfirmed(state, violation) ? [] : (violation.confirmWith ?? []);
  });
  return [...new Set(owners)];
};

/** Returns the owners to query whether raised alerts are over. */
const ownersOfRaised = (state: OrderPayment, { now, timeouts }: Moment): Owner[] =>
  PaymentAlertType.options.flatMap((type) => {
    const { state: is, lastAt } = state.alerts[type] ?? {};
    if (is !== 'RAISED' || lastAt === undefined) return [];
    const violation = rules[type].find(state, timeouts);
    return ownersOf(type, violation).filter((owner) => nextQueryAt(state, owner, lastAt) <= now.toISOString());
  });

/** Returns all owners to query at a moment. */
export const ownersToQuery = (state: OrderPayment, moment: Moment): Owner[] => [
  ...new Set([...ownersToConfirm(state, moment), ...ownersOfRaised(state, moment)]),
];

/** Queries these owners and returns the state with their answers. Throws when one does not answer. */
export const queryOwners = async (
  query: QueryOwners,
  known: OrderPayment,
  owners: readonly Owner[],
  now: Date,
): Promise<OrderPayment> => {
  const { tenant: tenantId, orderId } = known;
  let state = known;
  for (const owner of owners) {
    const answer = await query[owner]({ ask: `describe-${owner}`, tenantId, orderId });
    state =
      owner === 'order'
        ? applyOrder(state, OrderDescribed.parse(answer), now)
        : applyPayment(state, PaymentDescribed.parse(answer), now);
  }
  return state;
};
