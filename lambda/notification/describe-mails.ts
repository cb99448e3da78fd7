import { DescribeMails, type MailsDescribed } from '../contracts/calls/service-calls';
import { trustedTenant } from '../kernel/tenant';
import { emailId, type Notification, type NotificationKey } from './mail';
import type { NotificationStore } from './notification.store';

type MailSource = {
  readonly key: NotificationKey;
  readonly of: { readonly version: number } | { readonly refundId: string };
};

/** Returns the possible e-mails of an order: one per version, and one per refund, recorded with the order's time. */
const mailSourcesOf = ({ tenantId, orderId, versions, refundIds = [] }: DescribeMails): MailSource[] => {
  const tenant = trustedTenant(tenantId);
  const [placedAt = ''] = versions;
  return [
    ...versions.map((createdAt, index) => ({
      key: { tenant, notificationId: emailId(`${orderId}:${index + 1}`), createdAt },
      of: { version: index + 1 },
    })),
    ...refundIds.map((refundId) => ({
      key: { tenant, notificationId: emailId(refundId), createdAt: placedAt },
      of: { refundId },
    })),
  ];
};

const batchSize = 100;

/** Returns the e-mails that were sent about an order to the order service, for the timeline. */
export const describeMails =
  ({ notifications }: { readonly notifications: Pick<NotificationStore, 'find'> }) =>
  async (query: unknown): Promise<MailsDescribed> => {
    const sources = mailSourcesOf(DescribeMails.parse(query));
    const found: Notification[] = [];
    for (let at = 0; at < sources.length; at += batchSize)
      found.push(...(await notifications.find(sources.slice(at, at + batchSize).map(({ key }) => key))));
    const sent = new Map(found.map((one) => [one.notificationId, one]));
    const mails = sources.flatMap(({ key, of }) => {
      const one = sent.get(key.notificationId);
      return one?.status !== 'sent' ? [] : [{ kind: one.kind, ...of, sentAt: one.sentAt, messageId: one.messageId }];
    });
    return { mails };
  };
