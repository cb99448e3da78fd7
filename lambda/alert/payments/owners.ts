import { PaymentAlertType } from '../../contracts/alert-events';
import { OrderDescribed } from '../../contracts/order-calls';
import { PaymentDescribed } from '../../contracts/service-calls';
import { applyOrder, applyPayment, knownPaymentVersion } from './apply-events';
import { earlier, later, type Moment, type OrderPayment, type Owner } from './payment-state';
import { isClosed, rules, type Violation } from './rules';

/** Asks the services that own what is watched: an order may have gone on, or a payment, and only its event be late or lost. */
export type QueryOwners = Readonly<Record<Owner, (query: unknown) => Promise<unknown>>>;

/** How long an owner is left alone about what is raised, until it is asked again. */
const askAgainSeconds = 300;

const knownVersion = (state: OrderPayment, owner: Owner): number =>
  owner === 'order' ? (state.order?.version ?? 0) : knownPaymentVersion(state);

/** The owner's last answer, unless something newer was heard since. */
const answerOf = (state: OrderPayment, owner: Owner) => {
  const answer = state.answered?.[owner];
  return answer !== undefined && answer.version >= knownVersion(state, owner) ? answer : undefined;
};

/** Whether a violation needs no answer, or its owner has answered since it was due, and it still stands. */
export const isAnsweredFor = (state: OrderPayment, { asks, dueAt }: Violation): boolean => {
  const answer = asks && answerOf(state, asks);
  return asks === undefined || (answer !== undefined && answer.at >= dueAt);
};

const againAt = (state: OrderPayment, owner: Owner, raisedAt: string): string => {
  const answer = answerOf(state, owner);
  return answer === undefined || answer.at < raisedAt ? raisedAt : later(answer.at, askAgainSeconds);
};

const endersOf = (type: PaymentAlertType, violation: Violation | undefined): Owner[] => [
  ...new Set([rules[type].endedBy, ...(violation?.asks === undefined ? [] : [violation.asks])]),
];

/** When those who may end a raised alert are to be asked again whether it is over. */
export const askAgainAt = (
  state: OrderPayment,
  type: PaymentAlertType,
  violation: Violation | undefined,
): string | undefined => {
  const { lastAt } = state.alerts[type] ?? {};
  if (lastAt === undefined) return undefined;
  return endersOf(type, violation).reduce<string | undefined>(
    (first, owner) => earlier(first, againAt(state, owner, lastAt)),
    undefined,
  );
};

/** Whom to ask before anything is raised that follows from what was not heard. */
export const ownersBefore = (state: OrderPayment, { now, timeouts }: Moment): Owner[] => {
  const asked = PaymentAlertType.options.flatMap((type) => {
    const violation = rules[type].find(state, timeouts);
    const alert = state.alerts[type];
    if (violation === undefined || alert?.state === 'RAISED' || isClosed(alert, violation)) return [];
    if (violation.dueAt > now.toISOString()) return [];
    return isAnsweredFor(state, violation) ? [] : (violation.asks ?? []);
  });
  return [...new Set(asked)];
};

/** Whom to ask whether what is raised is over. */
const ownersAgain = (state: OrderPayment, { now, timeouts }: Moment): Owner[] =>
  PaymentAlertType.options.flatMap((type) => {
    const { state: is, lastAt } = state.alerts[type] ?? {};
    if (is !== 'RAISED' || lastAt === undefined) return [];
    const violation = rules[type].find(state, timeouts);
    return endersOf(type, violation).filter((owner) => againAt(state, owner, lastAt) <= now.toISOString());
  });

/** Whom to ask at a moment. */
export const ownersToAsk = (state: OrderPayment, moment: Moment): Owner[] => [
  ...new Set([...ownersBefore(state, moment), ...ownersAgain(state, moment)]),
];

/** What is known once these owners have answered. Throws when one does not answer. */
export const queryOwners = async (
  ask: QueryOwners,
  known: OrderPayment,
  owners: readonly Owner[],
  now: Date,
): Promise<OrderPayment> => {
  const { tenant: tenantId, orderId } = known;
  let state = known;
  for (const owner of owners) {
    const answer = await ask[owner]({ ask: `describe-${owner}`, tenantId, orderId });
    state =
      owner === 'order'
        ? applyOrder(state, OrderDescribed.parse(answer), now)
        : applyPayment(state, PaymentDescribed.parse(answer), now);
  }
  return state;
};
