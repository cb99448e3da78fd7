import type { PaymentRefunded } from '../contracts/payment-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { emailId, type MailRecord, type Notification } from './notification';
import { isMailed, type Mail, mailKind, type OrderMailEvent, orderMail } from './order-mail';
import { refundMail } from './refund-mail';

/** What customers are written about. */
export type MailedEvent = OrderMailEvent | PaymentRefunded;

/** An e-mail, and what its record will say. */
export type Letter = {
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

const orderLetter = (event: OrderMailEvent): Letter => {
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
const refundLetter = async (event: PaymentRefunded, confirmationOf: FindConfirmation): Promise<Letter> => {
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
export const letterOf = async (event: MailedEvent, confirmationOf: FindConfirmation): Promise<Letter | undefined> => {
  if (event.type === 'PaymentRefunded.v1')
    return event.data.disputeId === undefined ? refundLetter(event, confirmationOf) : undefined; // the bank has told them
  return isMailed(event) ? orderLetter(event) : undefined;
};
