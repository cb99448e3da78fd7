import type {
  OrderAwaitingPayment,
  OrderCancelled,
  OrderDelivered,
  OrderPlaced,
  OrderShipped,
} from '../contracts/events/order-events';
import type { PaymentRefunded } from '../contracts/events/payment-events';
import { formatMoney } from '../contracts/values/money';
import type { Locale } from '../contracts/values/order-status';
import { type Sealed, subjectOf } from '../contracts/values/sealed';
import type { KeyRing } from '../kernel/sealing/key-ring';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { type MailKind, type Wording, wordings } from './wording';

/** The subject and the recipient of an e-mail. */
type MailRecord = {
  readonly tenant: Tenant;
  /** `<event's subject and version>.email`, or `<refund's ID>.email`: a repeated event has the same record. */
  readonly notificationId: string;
  /** The time of the event, or of the order for a refund, so that a repeated record has the same key. */
  readonly createdAt: string;
  readonly orderId: string;
  readonly channel: 'email';
  readonly kind: MailKind;
  /** The sealed address, as the order's events state it. */
  readonly recipient: Sealed;
  /** Missing in records that are older than refunds. */
  readonly locale?: Locale;
};

type Sent = { readonly status: 'sent'; readonly sentAt: string; readonly messageId: string };

/** An e-mail that is never sent, because guest orders had sent too many to its address. */
type Withheld = { readonly status: 'withheld'; readonly withheldAt: string };

/** The record of one e-mail that was sent or withheld. */
export type Notification = MailRecord & (Sent | Withheld);

/** Returns the record ID of an e-mail. `source` is a refund ID or an event's subject and version: `ORD-000001:1`. */
export const emailId = (source: string): string => `${source}.email`;

/** Returns the record ID of an order's confirmation e-mail. */
export const confirmationId = (orderId: string): string => emailId(`${orderId}:1`);

export type NotificationKey = Pick<MailRecord, 'tenant' | 'notificationId' | 'createdAt'>;

/** The events that customers are notified of. */
export type MailedEvent = OrderMailEvent | PaymentRefunded;

/** An e-mail with its record. */
export type MailMessage = {
  readonly mail: Mail;
  readonly record: MailRecord;
  /** Whether only a guest caused it. The guest's address is not verified. */
  readonly isOfGuest: boolean;
};

/** Finds the record of an order's confirmation e-mail. */
type FindConfirmation = (tenant: Tenant, orderId: string) => Promise<Notification | undefined>;

// a customer can cause these repeatedly without staff
const causedByCustomers: readonly MailedEvent['type'][] = [
  'OrderPlaced.v2',
  'OrderAwaitingPayment.v2',
  'OrderCancelled.v2',
];

const orderMessage = (event: OrderMailEvent, to: string): MailMessage => {
  const { id, tenantid, time, data } = event;
  return {
    mail: orderMail(event, to),
    isOfGuest: data.userId === undefined && causedByCustomers.includes(event.type),
    record: {
      tenant: trustedTenant(tenantid),
      notificationId: emailId(id.slice(id.indexOf('/') + 1)),
      createdAt: time,
      orderId: data.orderId,
      channel: 'email',
      kind: mailKind(event),
      recipient: data.customerEmail,
      locale: data.locale,
    },
  };
};

const confirmationFor = async ({ tenantid, data: { orderId } }: PaymentRefunded, confirmationOf: FindConfirmation) => {
  const confirmation = await confirmationOf(trustedTenant(tenantid), orderId);
  if (confirmation === undefined)
    throw new Error(`${orderId} has no confirmation e-mail yet, so the recipient of its refund e-mail is unknown`);
  return confirmation;
};

/** Builds a refund's e-mail. Its record is named by the refund, since several events may report the same refund. */
const refundMessage = (event: PaymentRefunded, confirmation: Notification, to: string): MailMessage => {
  const { orderId, refundId } = event.data;
  const { createdAt, recipient, locale } = confirmation;
  return {
    mail: refundMail(event, { to, locale }),
    isOfGuest: false,
    record: {
      tenant: trustedTenant(event.tenantid),
      notificationId: emailId(refundId),
      createdAt,
      orderId,
      channel: 'email',
      kind: 'payment-refund',
      recipient,
      ...(locale === undefined ? {} : { locale }),
    },
  };
};

/** Finds the record of an order's confirmation, and opens sealed addresses. */
export type MailSources = { readonly confirmationOf: FindConfirmation; readonly keys: Pick<KeyRing, 'open'> };

const addressOf = ({ keys }: MailSources, { tenantid, data }: MailedEvent, recipient: Sealed) =>
  keys.open(recipient, {
    tenant: trustedTenant(tenantid),
    subject: subjectOf.order(data.orderId),
    field: 'customerEmail',
  });

/** Returns the e-mail about an event, or undefined when the customer needs none or is erased. */
export const messageOf = async (event: MailedEvent, sources: MailSources): Promise<MailMessage | undefined> => {
  if (event.type === 'PaymentRefunded.v1') {
    if (event.data.disputeId !== undefined) return undefined; // the bank notifies customers of disputes
    const confirmation = await confirmationFor(event, sources.confirmationOf);
    const to = await addressOf(sources, event, confirmation.recipient);
    return to === undefined ? undefined : refundMessage(event, confirmation, to);
  }
  if (!isMailed(event)) return undefined;
  const to = await addressOf(sources, event, event.data.customerEmail);
  return to === undefined ? undefined : orderMessage(event, to);
};

/** The order events that customers are notified of. */
export type OrderMailEvent = OrderPlaced | OrderAwaitingPayment | OrderCancelled | OrderShipped | OrderDelivered;

/** A plain-text e-mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

const kinds = {
  'OrderPlaced.v2': 'order-confirmation',
  'OrderAwaitingPayment.v2': 'order-payment-request',
  'OrderCancelled.v2': 'order-cancellation',
  'OrderShipped.v2': 'order-shipping',
  'OrderDelivered.v2': 'order-delivery',
} as const satisfies Record<OrderMailEvent['type'], MailKind>;

const mailKind = ({ type }: OrderMailEvent): MailKind => kinds[type];

/** Returns whether an event is mailed. A payment from the balance needs no action by the customer. */
const isMailed = (event: OrderMailEvent): boolean =>
  event.type !== 'OrderAwaitingPayment.v2' || event.data.paymentMethod !== 'ACCOUNT_BALANCE';

const openingOf = (event: OrderMailEvent, wording: Wording): readonly string[] => {
  if (event.type === 'OrderAwaitingPayment.v2')
    return [wording.opening['order-payment-request'], wording.howToPay(event.data.paymentDeadline)];
  if (event.type !== 'OrderCancelled.v2') return [wording.opening[kinds[event.type]]];
  const { reason, paymentStatus } = event.data;
  if (reason === 'payment-failed' && paymentStatus === 'REFUNDED') return [wording.endedByRefund];
  const isPaidBack = paymentStatus === 'PAID' || paymentStatus === 'REFUNDED';
  return [wording.cancelled[reason] + (isPaidBack ? wording.paidBack : wording.notCharged)];
};

/** Returns the e-mail for an event in the order's language, with its number, items and amounts. */
export const orderMail = (event: OrderMailEvent, to: string): Mail => {
  const { orderId, locale, currency, lines, subtotal, tax, total } = event.data;
  const { subject, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const kind = mailKind(event);
  return {
    to,
    subject: subject[kind](orderId),
    text: [
      ...openingOf(event, wordings[locale]),
      '',
      `${labels.order}: ${orderId}`,
      '',
      `${labels.items}:`,
      ...lines.map(({ name, quantity, lineTotal }) => `  ${name} × ${quantity}  ${money(lineTotal)}`),
      '',
      `${labels.subtotal}: ${money(subtotal)}`,
      `${labels.tax}: ${money(tax)}`,
      `${labels.total}: ${money(total)}`,
      '',
    ].join('\n'),
  };
};

/** Returns a refund's e-mail, in the language of the confirmation. */
const refundMail = (
  { data }: PaymentRefunded,
  { to, locale = 'ja' }: { readonly to: string; readonly locale: Locale | undefined },
): Mail => {
  const { orderId, currency, refundId, refundAmount, refundedTotal, capturedTotal } = data;
  const { subject, opening, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  return {
    to,
    subject: subject['payment-refund'](orderId),
    text: [
      opening['payment-refund'],
      '',
      `${labels.order}: ${orderId}`,
      `${labels.refundId}: ${refundId}`,
      '',
      `${labels.refund}: ${money(refundAmount)}`,
      `${labels.refundedTotal}: ${money(refundedTotal)}`,
      `${labels.paid}: ${money(capturedTotal)}`,
      '',
    ].join('\n'),
  };
};
