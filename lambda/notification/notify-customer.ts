import { DescribeMails, type MailsDescribed } from '../contracts/service-calls';
import { asError } from '../kernel/http/http';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { tenantKey, trustedTenant } from '../kernel/tenant';
import type { EmailGateway } from './email.gateway';
import type { GuestMailLimit } from './guest-mail-limit';
import {
  emailId,
  type MailedEvent,
  type MailMessage,
  messageOf,
  type Notification,
  type NotificationKey,
} from './mail';
import type { NotificationStore } from './notification.store';

export type NotifyDeps = {
  readonly notifications: Pick<NotificationStore, 'wereSent' | 'record' | 'confirmationOf'>;
  readonly email: EmailGateway;
  readonly limit: GuestMailLimit;
  readonly now: () => Date;
};

type Handled = { readonly name: string } & ({ readonly record: Notification } | { readonly error: Error });

const nameOf = ({ record: { tenant, notificationId } }: MailMessage): string => tenantKey(tenant, notificationId);

const write = (deps: NotifyDeps, event: MailedEvent): Promise<MailMessage | Error | undefined> =>
  messageOf(event, deps.notifications.confirmationOf).catch(asError);

const withhold = ({ now }: NotifyDeps, { record }: MailMessage): Notification => {
  const { tenant, orderId, kind } = record;
  logger.warn('mail withheld', { tenant, orderId, kind });
  count('MailsWithheld', 1);
  return { ...record, status: 'withheld', withheldAt: now().toISOString() };
};

const mail = async ({ email, limit, now }: NotifyDeps, letter: MailMessage) => {
  try {
    const messageId = await email.send(letter.mail);
    return { ...letter.record, status: 'sent' as const, sentAt: now().toISOString(), messageId };
  } catch (error) {
    limit.release(letter);
    throw error;
  }
};

const send = async (deps: NotifyDeps, letter: MailMessage): Promise<Handled> => {
  const name = nameOf(letter);
  try {
    const record = (await deps.limit.admit(letter)) ? await mail(deps, letter) : withhold(deps, letter);
    return { name, record };
  } catch (error) {
    return { name, error: asError(error) };
  }
};

const record = async (
  { notifications }: NotifyDeps,
  sent: readonly Handled[],
): Promise<Map<string, Error | undefined>> => {
  const taken = sent.flatMap((one) => ('record' in one ? [one] : []));
  const recorded = taken.length === 0 ? [] : await notifications.record(taken.map((one) => one.record));
  return new Map([
    ...sent.flatMap((one) => ('error' in one ? [[one.name, one.error] as const] : [])),
    ...taken.map(({ name }, index) => [name, recorded[index]] as const),
  ]);
};

/**
 * Mails the customers of a batch and records what was sent or withheld. What is recorded is never mailed again; when the function dies
 * between SES's answer and the record, the customer may get the same e-mail twice rather than none.
 */
export const notifyCustomers =
  (deps: NotifyDeps) =>
  async (events: readonly MailedEvent[]): Promise<(Error | undefined)[]> => {
    const written = await Promise.all(events.map((event) => write(deps, event)));
    const letters = written.flatMap((one) => (one === undefined || one instanceof Error ? [] : [one]));
    const unique = [...new Map(letters.map((letter) => [nameOf(letter), letter])).values()];
    const wereSent = unique.length === 0 ? [] : await deps.notifications.wereSent(unique.map(({ record }) => record));
    const outcomes = await record(
      deps,
      await Promise.all(unique.filter((_, index) => !wereSent[index]).map((letter) => send(deps, letter))),
    );
    return written.map((one) => (one === undefined || one instanceof Error ? one : outcomes.get(nameOf(one))));
  };

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
export const describeMails =
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
