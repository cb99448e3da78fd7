import type { EmailGateway } from '../../lambda/notification/email.gateway';
import type { NotificationStore } from '../../lambda/notification/notification.store';
import type { Io } from '../stores/io';
import { broken } from './promises';
import { allOrders, type World } from './world';

/** What an e-mail is about: the order in its subject, and whether it is the cancellation's. */
export const mailTopic = (subject: string): string =>
  `${/ORD-\d+/.exec(subject)?.[0]} ${/cancelled|キャンセル/.test(subject) ? 'cancelled' : 'placed'}`;

/** The event a notification is about, named as its e-mail names it: version 1 is the placed order. */
export const notificationTopic = (notificationId: string): string =>
  `${/ORD-\d+/.exec(notificationId)?.[0]} ${notificationId.endsWith(':1.email') ? 'placed' : 'cancelled'}`;

/**
 * SES, and the notification store, for one process. What is promised of e-mails: a process mails only what it has read
 * as not yet recorded, and each of those once (SES itself may take one twice, when its answer was lost).
 */
export const mailbox = (world: World, io: Io, store: NotificationStore) => {
  const unrecorded = new Set<string>();
  const mailed = new Set<string>();

  const notifications: NotificationStore = {
    ...store,
    wereSent: async (keys) => {
      const sent = await store.wereSent(keys);
      keys.forEach(({ tenant, notificationId }, index) => {
        if (sent[index] === false) unrecorded.add(`${tenant} ${notificationTopic(notificationId)}`);
      });
      return sent;
    },
  };

  const email: EmailGateway = {
    send: ({ to, subject }) => {
      const { tenant } = allOrders(world).find(({ customerEmail }) => customerEmail === to) ?? {};
      const topic = `${tenant} ${mailTopic(subject)}`;
      const again = mailed.has(topic);
      const asked = unrecorded.has(topic);
      mailed.add(topic);
      return io('email.send', () => {
        if (again) broken('P2', `one process mailed twice: ${topic}`);
        if (!asked) broken('P2', `mailed without asking whether it was recorded: ${topic}`);
        world.mails.push({ to, subject });
        return `ses-${world.mails.length}`;
      });
    },
  };
  return { notifications, email };
};
