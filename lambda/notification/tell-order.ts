import { DescribeMails, type MailsDescribed } from '../contracts/service-calls';
import { trustedTenant } from '../kernel/tenant';
import { emailId, type Notification, type NotificationKey } from './notification';
import type { NotificationStore } from './notification.store';

type News = {
  readonly key: NotificationKey;
  readonly of: { readonly version: number } | { readonly refundId: string };
};

/** What an order's e-mails may be about: each of its versions, and its refunds, whose records have the time of the first. */
const newsOf = ({ tenantId, orderId, versions, refundIds = [] }: DescribeMails): News[] => {
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

const atOnce = 100;

/** Answers what the order service asks for an order's timeline: which e-mails were sent about it, and when? */
export const tellOrder =
  ({ notifications }: { readonly notifications: Pick<NotificationStore, 'find'> }) =>
  async (asked: unknown): Promise<MailsDescribed> => {
    const news = newsOf(DescribeMails.parse(asked));
    const found: Notification[] = [];
    for (let at = 0; at < news.length; at += atOnce)
      found.push(...(await notifications.find(news.slice(at, at + atOnce).map(({ key }) => key))));
    const sent = new Map(found.map((one) => [one.notificationId, one]));
    const mails = news.flatMap(({ key, of }) => {
      const one = sent.get(key.notificationId);
      return one?.status !== 'sent' ? [] : [{ kind: one.kind, ...of, sentAt: one.sentAt, messageId: one.messageId }];
    });
    return { mails };
  };
