import type { EmailGateway } from '../../lambda/notification/email.gateway';
import type { NotificationKey } from '../../lambda/notification/notification';
import type { NotificationStore } from '../../lambda/notification/notification.store';
import type { Io } from '../stores/io';
import { broken } from './promises';
import type { World } from './world';

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
  const mailed = new Set<string>();
  let unrecorded = 0;

  const isRecorded = ({ tenant, notificationId, createdAt }: NotificationKey) =>
    world.notifications.has(`${tenant}#${notificationId}|${createdAt}`);

  const notifications: NotificationStore = {
    ...store,
    wereSent: (keys) => {
      unrecorded += keys.filter((key) => !isRecorded(key)).length;
      return store.wereSent(keys);
    },
  };

  const email: EmailGateway = {
    send: ({ to, subject }) => {
      const mail = `${to} ${subject}`;
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
