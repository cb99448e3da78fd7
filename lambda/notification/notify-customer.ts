import { asError } from '../kernel/error';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { tenantKey } from '../kernel/tenant';
import type { EmailGateway } from './email.gateway';
import type { GuestMailLimit } from './guest-mail-limit';
import { type MailedEvent, type MailMessage, type MailSources, messageOf, type Notification } from './mail';
import type { NotificationStore } from './notification.store';

export type NotifyDeps = {
  readonly notifications: Pick<NotificationStore, 'wereSent' | 'record' | 'confirmationOf'>;
  readonly keys: MailSources['keys'];
  readonly email: EmailGateway;
  readonly limit: GuestMailLimit;
  readonly now: () => Date;
};

type Handled = { readonly name: string } & ({ readonly record: Notification } | { readonly error: Error });

const nameOf = ({ record: { tenant, notificationId } }: MailMessage): string => tenantKey(tenant, notificationId);

const compose = ({ notifications, keys }: NotifyDeps, event: MailedEvent): Promise<MailMessage | Error | undefined> =>
  messageOf(event, { confirmationOf: notifications.confirmationOf, keys }).catch(asError);

const withhold = ({ now }: NotifyDeps, { record }: MailMessage): Notification => {
  const { tenant, orderId, kind } = record;
  logger.warn('mail withheld', { tenant, orderId, kind });
  count('MailsWithheld', 1);
  return { ...record, status: 'withheld', withheldAt: now().toISOString() };
};

const mail = async ({ email, limit, now }: NotifyDeps, message: MailMessage) => {
  try {
    const messageId = await email.send(message.mail);
    return { ...message.record, status: 'sent' as const, sentAt: now().toISOString(), messageId };
  } catch (error) {
    limit.release(message);
    throw error;
  }
};

const send = async (deps: NotifyDeps, message: MailMessage): Promise<Handled> => {
  const name = nameOf(message);
  try {
    const record = (await deps.limit.admit(message)) ? await mail(deps, message) : withhold(deps, message);
    return { name, record };
  } catch (error) {
    return { name, error: asError(error) };
  }
};

const record = async (
  { notifications }: NotifyDeps,
  sent: readonly Handled[],
): Promise<Map<string, Error | undefined>> => {
  const recordable = sent.flatMap((one) => ('record' in one ? [one] : []));
  const recorded = recordable.length === 0 ? [] : await notifications.record(recordable.map((one) => one.record));
  return new Map([
    ...sent.flatMap((one) => ('error' in one ? [[one.name, one.error] as const] : [])),
    ...recordable.map(({ name }, index) => [name, recorded[index]] as const),
  ]);
};

/**
 * Sends the e-mails of a batch and records those that were sent or withheld. A recorded e-mail is never sent again.
 * When the function fails between SES's response and the record, the customer may get the same e-mail twice rather than
 * none.
 */
export const notifyCustomers =
  (deps: NotifyDeps) =>
  async (events: readonly MailedEvent[]): Promise<(Error | undefined)[]> => {
    const composed = await Promise.all(events.map((event) => compose(deps, event)));
    const messages = composed.flatMap((one) => (one === undefined || one instanceof Error ? [] : [one]));
    const unique = [...new Map(messages.map((message) => [nameOf(message), message])).values()];
    const wereSent = unique.length === 0 ? [] : await deps.notifications.wereSent(unique.map(({ record }) => record));
    const outcomes = await record(
      deps,
      await Promise.all(unique.filter((_, index) => !wereSent[index]).map((message) => send(deps, message))),
    );
    return composed.map((one) => (one === undefined || one instanceof Error ? one : outcomes.get(nameOf(one))));
  };
