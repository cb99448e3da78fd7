import { tenantKey } from '../../lambda/kernel/tenant';
import type { EmailGateway } from '../../lambda/notification/email.gateway';
import type { NotificationKey } from '../../lambda/notification/mail';
import type { NotificationStore } from '../../lambda/notification/notification.store';
import type { MailKind } from '../../lambda/notification/wording';
import type { Io } from '../stores/io';
import { broken } from './promises';
import type { World } from './world';

const topics: readonly (readonly [RegExp, MailKind])[] = [
  [/refund|返金/, 'payment-refund'],
  [/Please pay|お支払い/, 'order-payment-request'],
  [/cancelled|キャンセル/, 'order-cancellation'],
  [/delivered|お届け/, 'order-delivery'],
  [/on its way|shipped|発送/, 'order-shipping'],
];

/** What an e-mail is about: the order in its subject, and what has happened to it. */
export const mailTopic = (subject: string): string => {
  const [, kind = 'order-confirmation'] = topics.find(([words]) => words.test(subject)) ?? [];
  return `${/ORD-\d+/.exec(subject)?.[0]} ${kind}`;
};

/**
 * SES, and the notification store, for one process. What is promised of e-mails: a process mails only what it has read
 * as not yet recorded, and each of those once (SES itself may take one twice, when its answer was lost).
 */
export const mailbox = (world: World, io: Io, store: NotificationStore) => {
  const mailed = new Set<string>();
  let unrecorded = 0;

  const isRecorded = ({ tenant, notificationId, createdAt }: NotificationKey) =>
    world.notifications.all(tenantKey(tenant, notificationId)).some((one) => one.createdAt === createdAt);

  const notifications: NotificationStore = {
    ...store,
    wereSent: (keys) => {
      unrecorded += keys.filter((key) => !isRecorded(key)).length;
      return store.wereSent(keys);
    },
  };

  const email: EmailGateway = {
    send: ({ to, subject, text }) => {
      const mail = `${to} ${subject} ${text}`;
      const again = mailed.has(mail);
      const tooMany = mailed.add(mail).size > unrecorded;
      return io('email.send', () => {
        if (again) broken('P2', `one process mailed twice: ${mail}`);
        if (tooMany) broken('P2', `mailed although it was recorded: ${mail}`);
        world.mails.push({ to, subject });
        return `ses-${world.mails.length}`;
      });
    },
  };
  return { notifications, email };
};
