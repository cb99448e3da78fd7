import type { PaymentRefunded } from '../contracts/payment-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { emailId, type Notification } from './notification';
import { isMailed, type Mail, mailKind, type OrderMailEvent, orderMail } from './order-mail';
import { refundMail } from './refund-mail';

/** What customers are written about. */
export type MailedEvent = OrderMailEvent | PaymentRefunded;

/** An e-mail, and what its record will say. */
export type Letter = {
  readonly mail: Mail;
  readonly record: Omit<Notification, 'status' | 'sentAt' | 'messageId'>;
};

/** Finds the record of the e-mail that confirmed an order. */
export type FindConfirmation = (tenant: Tenant, orderId: string) => Promise<Notification | undefined>;

const orderLetter = (event: OrderMailEvent): Letter => {
  const mail = orderMail(event);
  const { id, tenantid, time, data } = event;
  return {
    mail,
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
