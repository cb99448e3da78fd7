import type { Locale } from '../contracts/order-status';
import type { Tenant } from '../kernel/tenant';
import type { MailKind } from './wording';

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
