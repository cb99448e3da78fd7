import type { Tenant } from '../kernel/tenant';
import type { MailKind } from './wording';

/** The record of one e-mail that was sent. */
export type Notification = {
  readonly tenant: Tenant;
  /** `<event's subject and version>.email`: the same event always has the same record. */
  readonly notificationId: string;
  /** The event's time, so that a repeated record has the same key. */
  readonly createdAt: string;
  readonly orderId: string;
  readonly channel: 'email';
  readonly kind: MailKind;
  readonly recipient: string;
  readonly status: 'sent';
  readonly sentAt: string;
  readonly messageId: string;
};

/** Names the record of an e-mail about an event: `ORD-000001:1` is the event's subject and version. */
export const emailId = (event: string): string => `${event}.email`;

export type NotificationKey = Pick<Notification, 'tenant' | 'notificationId' | 'createdAt'>;
