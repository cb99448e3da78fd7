import { formatMoney } from '../contracts/money';
import type {
  OrderAwaitingPayment,
  OrderCancelled,
  OrderDelivered,
  OrderPlaced,
  OrderShipped,
} from '../contracts/order-events';
import type { Locale } from '../contracts/order-status';
import type { PaymentRefunded } from '../contracts/payment-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { type MailKind, type Wording, wordings } from './wording';

/** What an e-mail is about, and to whom. */
export type MailRecord = {
  readonly tenant: Tenant;
  /** `<event's subject and version>.email`, or `<refund's ID>.email`: the same news always has the same record. */
  readonly notificationId: string;
  /** The event's time, or of a refund the order's, so that a repeated record has the same key. */
  readonly createdAt: string;
  readonly orderId: string;
  readonly channel: 'email';
  readonly kind: MailKind;
  readonly recipient: string;
  /** Missing in records from before there were refunds. */
  readonly locale?: Locale;
};

type Sent = { readonly status: 'sent'; readonly sentAt: string; readonly messageId: string };

/** Not sent, and never will be: a guest's orders had sent the address too many mails already. */
type Withheld = { readonly status: 'withheld'; readonly withheldAt: string };

/** The record of one e-mail that was sent or withheld. */
export type Notification = MailRecord & (Sent | Withheld);

/** Names the record of an e-mail: `ORD-000001:1` is an event's subject and version. */
export const emailId = (news: string): string => `${news}.email`;

/** The record of the e-mail that confirmed the order. */
export const confirmationId = (orderId: string): string => emailId(`${orderId}:1`);

export type NotificationKey = Pick<MailRecord, 'tenant' | 'notificationId' | 'createdAt'>;

/** What customers are written about. */
export type MailedEvent = OrderMailEvent | PaymentRefunded;

/** An e-mail, and what its record will say. */
export type MailMessage = {
  readonly mail: Mail;
  readonly record: MailRecord;
  /** Whether a guest alone has caused it: it goes to an address that nobody has proved to be theirs. */
  readonly isOfGuest: boolean;
};

/** Finds the record of the e-mail that confirmed an order. */
export type FindConfirmation = (tenant: Tenant, orderId: string) => Promise<Notification | undefined>;

/** What a customer can make happen alone, over and over. */
const causedByCustomers: readonly MailedEvent['type'][] = [
  'OrderPlaced.v1',
  'OrderAwaitingPayment.v1',
  'OrderCancelled.v1',
];

const orderMessage = (event: OrderMailEvent): MailMessage => {
  const mail = orderMail(event);
  const { id, tenantid, time, data } = event;
  return {
    mail,
    isOfGuest: data.userId === undefined && causedByCustomers.includes(event.type),
    record: {
      tenant: trustedTenant(tenantid),
      notificationId: emailId(id.slice(id.indexOf('/') + 1)),
      createdAt: time,
      orderId: data.orderId,
      channel: 'email',
      kind: mailKind(event),
      recipient: mail.to,
      locale: data.locale,
    },
  };
};

/** A refund may be told by several events: its letter is known by the refund. */
const refundMessage = async (event: PaymentRefunded, confirmationOf: FindConfirmation): Promise<MailMessage> => {
  const { orderId, refundId } = event.data;
  const tenant = trustedTenant(event.tenantid);
  const confirmation = await confirmationOf(tenant, orderId);
  if (confirmation === undefined) throw new Error(`${orderId} was not confirmed by e-mail yet, so nobody is known`);
  const mail = refundMail(event, confirmation);
  const { createdAt, recipient, locale } = confirmation;
  return {
    mail,
    isOfGuest: false,
    record: {
      tenant,
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

/** What the customer is written about an event; nothing when there is nothing for them to do or to know. */
export const messageOf = async (
  event: MailedEvent,
  confirmationOf: FindConfirmation,
): Promise<MailMessage | undefined> => {
  if (event.type === 'PaymentRefunded.v1')
    return event.data.disputeId === undefined ? refundMessage(event, confirmationOf) : undefined; // the bank has told them
  return isMailed(event) ? orderMessage(event) : undefined;
};

/** Events of orders that customers are written about. */
export type OrderMailEvent = OrderPlaced | OrderAwaitingPayment | OrderCancelled | OrderShipped | OrderDelivered;

/** A plain-text e-mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

const kinds = {
  'OrderPlaced.v1': 'order-confirmation',
  'OrderAwaitingPayment.v1': 'order-payment-request',
  'OrderCancelled.v1': 'order-cancellation',
  'OrderShipped.v1': 'order-shipping',
  'OrderDelivered.v1': 'order-delivery',
} as const satisfies Record<OrderMailEvent['type'], MailKind>;

export const mailKind = ({ type }: OrderMailEvent): MailKind => kinds[type];

/** Whether the customer has anything to do or to know: what is paid from the balance is taken without them. */
export const isMailed = (event: OrderMailEvent): boolean =>
  event.type !== 'OrderAwaitingPayment.v1' || event.data.paymentMethod !== 'ACCOUNT_BALANCE';

const openingOf = (event: OrderMailEvent, wording: Wording): readonly string[] => {
  if (event.type === 'OrderAwaitingPayment.v1')
    return [wording.opening['order-payment-request'], wording.howToPay(event.data.paymentDeadline)];
  if (event.type !== 'OrderCancelled.v1') return [wording.opening[kinds[event.type]]];
  const { reason, paymentStatus } = event.data;
  if (reason === 'payment-failed' && paymentStatus === 'REFUNDED') return [wording.endedByRefund];
  const isPaidBack = paymentStatus === 'PAID' || paymentStatus === 'REFUNDED';
  return [wording.cancelled[reason] + (isPaidBack ? wording.paidBack : wording.notCharged)];
};

/** Writes the e-mail for an event, in the order's language, with its number, amounts and items. */
export const orderMail = (event: OrderMailEvent): Mail => {
  const { orderId, customerEmail, locale, currency, lines, subtotal, tax, total } = event.data;
  const { subject, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const kind = mailKind(event);
  return {
    to: customerEmail,
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

/** Writes to whom the order was confirmed, in the language of then: a payment's event knows neither. */
export const refundMail = (
  { data }: PaymentRefunded,
  { recipient, locale = 'ja' }: Pick<Notification, 'recipient' | 'locale'>,
): Mail => {
  const { orderId, currency, refundId, refundAmount, refundedTotal, capturedTotal } = data;
  const { subject, opening, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  return {
    to: recipient,
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
