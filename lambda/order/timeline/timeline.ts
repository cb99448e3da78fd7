import type { TimelineEntry } from '../../contracts/api/order-api';
import type {
  AlertsDescribed,
  BillDescribed,
  MailsDescribed,
  PaymentDescribed,
  ReservationDescribed,
} from '../../contracts/calls/service-calls';
import { toMajor } from '../../contracts/values/money';
import type { Order } from '../domain/order';

/** The responses of the other services about an order. A service that did not respond is missing. */
export type ServiceResponses = {
  readonly inventory?: ReservationDescribed;
  readonly billing?: BillDescribed;
  readonly notification?: MailsDescribed;
  readonly alert?: AlertsDescribed;
  readonly payment?: PaymentDescribed;
};

const eventIdOf = ({ tenant, orderId }: Order, version: number) => `${tenant}/${orderId}:${version}`;

const facts = (order: Order): TimelineEntry[] =>
  order.history.map(({ at, event, status, stockStatus, paymentStatus, cause, actor }, index) => ({
    at,
    source: 'order',
    what: event,
    eventId: eventIdOf(order, index + 1),
    cause: cause ?? actor,
    details: { status, stockStatus, ...(paymentStatus === undefined ? {} : { paymentStatus }) },
  }));

const reservation = (order: Order, described: ReservationDescribed | undefined): TimelineEntry[] => {
  if (described?.reservation === undefined) return [];
  const { updatedAt: at, fact: what, version, causationId: cause, state, lines } = described.reservation;
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return [{ at, source: 'inventory', what, eventId: eventIdOf(order, version), cause, details: { state, units } }];
};

const bill = (order: Order, described: BillDescribed | undefined): TimelineEntry[] => {
  if (described?.bill === undefined) return [];
  const { createdAt, updatedAt, status, billingId, amount, currency } = described.bill;
  const details = { billingId, amount: toMajor(amount, currency), currency };
  const opened = {
    at: createdAt,
    source: 'billing',
    what: 'bill opened',
    cause: eventIdOf(order, 1),
    details,
  } as const;
  if (status === 'pending') return [opened];
  return [opened, { at: updatedAt, source: 'billing', what: `bill ${status}`, details }];
};

const mails = (order: Order, described: MailsDescribed | undefined): TimelineEntry[] =>
  (described?.mails ?? []).map(({ kind, version, refundId, sentAt, messageId }) => ({
    at: sentAt,
    source: 'notification',
    what: `${kind} mailed`,
    cause: version === undefined ? refundId : eventIdOf(order, version),
    details: { messageId },
  }));

const alerts = (described: AlertsDescribed | undefined): TimelineEntry[] =>
  (described?.alerts ?? []).flatMap(({ type, error, count, firstAt, resolvedAt, causationId: cause }) => {
    const raised = { at: firstAt, source: 'alert', what: `${type} raised`, cause, details: { error, count } } as const;
    return resolvedAt === undefined ? [raised] : [raised, { ...raised, at: resolvedAt, what: `${type} resolved` }];
  });

type PaymentDetails = NonNullable<PaymentDescribed['payment']>;
type RefundDetails = NonNullable<PaymentDetails['refunds']>[number];

const shownRefunds = 100; // dashboards of providers can make any number of refunds

/** Splits the refunds, oldest first, into the newest 100, which a timeline shows one by one, and the earlier ones. */
export const newestRefunds = ({ refunds = [] }: Pick<PaymentDetails, 'refunds'>) => {
  const sorted = [...refunds].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  return { shown: sorted.slice(-shownRefunds), earlier: sorted.slice(0, -shownRefunds) };
};

const refundEntries = (
  { refundId: cause, amount, reason, status, createdAt, processedAt }: RefundDetails,
  currency: string,
): TimelineEntry[] => {
  const details = { amount: toMajor(amount, currency), currency, reason };
  const requested = { at: createdAt, source: 'payment', what: 'refund requested', cause, details } as const;
  if (processedAt === undefined) return [requested];
  return [requested, { ...requested, at: processedAt, what: `refund ${status.toLowerCase()}` }];
};

/** Sums up the refunds before the newest 100 in one entry. `GET /payments/{paymentId}` lists each. */
const earlierRefunds = (
  earlier: readonly RefundDetails[],
  { paymentId, currency }: PaymentDetails,
): TimelineEntry[] => {
  const newest = earlier.at(-1);
  if (newest === undefined) return [];
  const completed = earlier.filter(({ status }) => status === 'COMPLETED');
  const amount = toMajor(
    completed.reduce((sum, refund) => sum + refund.amount, 0),
    currency,
  );
  const details = { amount, currency, completed: completed.length, paymentId };
  return [{ at: newest.createdAt, source: 'payment', what: `and ${earlier.length} earlier refunds`, details }];
};

/** Returns an entry for each refund's request and, once it is processed, one for its result. */
const refundsOf = (payment: PaymentDetails): TimelineEntry[] => {
  const { shown, earlier } = newestRefunds(payment);
  return [...earlierRefunds(earlier, payment), ...shown.flatMap((refund) => refundEntries(refund, payment.currency))];
};

/** Counts the changes that the payment's history no longer contains. Each version is one change. */
const earlierChanges = ({ history, version = 0, paymentId }: PaymentDetails): TimelineEntry[] => {
  const [oldest] = history;
  const omitted = version - history.length;
  if (oldest === undefined || omitted <= 0) return [];
  return [{ at: oldest.at, source: 'payment', what: `and ${omitted} earlier changes`, details: { paymentId } }];
};

/** Returns the changes of the payment and their actor: the order, a provider, the poller or a person. */
const payments = (described: PaymentDescribed | undefined): TimelineEntry[] => {
  if (described?.payment === undefined) return [];
  const { paymentId, provider, history } = described.payment;
  const changes = history.map(({ at, event: what, status, actor: cause, note }) => {
    const details = { paymentId, provider, status, ...(note === undefined ? {} : { note }) };
    return { at, source: 'payment', what, cause, details } as const;
  });
  return [...earlierChanges(described.payment), ...changes, ...refundsOf(described.payment)];
};

/** Returns all entries of an order, oldest first. */
export const timelineOf = (order: Order, responses: ServiceResponses): TimelineEntry[] =>
  [
    ...facts(order),
    ...reservation(order, responses.inventory),
    ...payments(responses.payment),
    ...bill(order, responses.billing),
    ...mails(order, responses.notification),
    ...alerts(responses.alert),
  ].sort((one, other) => one.at.localeCompare(other.at));
