import { DescribeMails, type MailsDescribed } from '../contracts/service-calls';
import { trustedTenant } from '../kernel/tenant';
import { emailId, type NotificationKey } from './notification';
import type { NotificationStore } from './notification.store';

/** Answers what the order service asks for an order's timeline: which e-mails were sent about it, and when? */
export const tellOrder =
  ({ notifications }: { readonly notifications: Pick<NotificationStore, 'find'> }) =>
  async (asked: unknown): Promise<MailsDescribed> => {
    const { tenantId, orderId, versions } = DescribeMails.parse(asked);
    const keys = versions.map((createdAt, index): NotificationKey => {
      const notificationId = emailId(`${orderId}:${index + 1}`);
      return { tenant: trustedTenant(tenantId), notificationId, createdAt };
    });
    const found = await notifications.find(keys);
    const mails = found.map(({ notificationId, kind, sentAt, messageId }) => {
      const version = keys.findIndex((key) => key.notificationId === notificationId) + 1;
      return { kind, version, sentAt, messageId };
    });
    return { mails: mails.sort((one, other) => one.version - other.version) };
  };
