import { guestMailLimit } from '../../lambda/notification/guest-mail-limit';
import type { Mail, MailSources, Notification } from '../../lambda/notification/mail';
import { notifyCustomers } from '../../lambda/notification/notify-customer';
import { fixedKeys } from '../support/key-ring';

/** The table of limits, in memory. */
const leases = (taken: Map<string, number>) => ({
  lease: async ({ bucket, block, limit }: { bucket: string; block: number; limit: number }) => {
    const next = (taken.get(bucket) ?? 0) + block;
    if (next > limit) return false;
    taken.set(bucket, next);
    return true;
  },
});

/** The notification service with everything around it in memory; its clock stands until it is set. */
export const notifications = ({
  recordFails = false,
  keys = fixedKeys,
}: {
  readonly recordFails?: boolean;
  readonly keys?: MailSources['keys'];
} = {}) => {
  const mailbox: Mail[] = [];
  const records = new Map<string, Notification>();
  const taken = new Map<string, number>();
  const refuses = new Set<string>();
  const clock = { now: new Date('2026-11-21T08:00:05.000Z') };
  const now = () => clock.now;
  const notify = notifyCustomers({
    keys,
    notifications: {
      wereSent: async (keys) => keys.map(({ notificationId }) => records.has(notificationId)),
      confirmationOf: async (_tenant, orderId) => records.get(`${orderId}:1.email`),
      record: async (sent) => {
        if (recordFails) return sent.map(() => new Error('DynamoDB is down'));
        for (const one of sent) records.set(one.notificationId, one);
        return sent.map(() => undefined);
      },
    },
    email: {
      send: async (mail) => {
        if (refuses.has(mail.to)) throw new Error('SES rejected the e-mail: Throttling');
        mailbox.push(mail);
        return `ses-${mailbox.length}`;
      },
    },
    limit: guestMailLimit({ ...leases(taken), now: () => clock.now.getTime() }, 20),
    now,
  });
  return { notify, mailbox, records, taken, refuses, clock };
};
