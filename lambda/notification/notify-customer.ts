import { asError } from '../kernel/as-error';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { tenantKey } from '../kernel/tenant';
import type { EmailGateway } from './email.gateway';
import type { GuestMailLimit } from './guest-mail-limit';
import { type Letter, letterOf, type MailedEvent } from './letter';
import type { Notification } from './notification';
import type { NotificationStore } from './notification.store';

export type NotifyDeps = {
  readonly notifications: Pick<NotificationStore, 'wereSent' | 'record' | 'confirmationOf'>;
  readonly email: EmailGateway;
  readonly limit: GuestMailLimit;
  readonly now: () => Date;
};

type Handled = { readonly name: string } & ({ readonly record: Notification } | { readonly error: Error });

const nameOf = ({ record: { tenant, notificationId } }: Letter): string => tenantKey(tenant, notificationId);

const write = (deps: NotifyDeps, event: MailedEvent): Promise<Letter | Error | undefined> =>
  letterOf(event, deps.notifications.confirmationOf).catch(asError);

const withhold = ({ now }: NotifyDeps, { record }: Letter): Notification => {
  const { tenant, orderId, kind } = record;
  logger.warn('mail withheld', { tenant, orderId, kind });
  count('MailsWithheld', 1);
  return { ...record, status: 'withheld', withheldAt: now().toISOString() };
};

const mail = async ({ email, limit, now }: NotifyDeps, letter: Letter) => {
  try {
    const messageId = await email.send(letter.mail);
    return { ...letter.record, status: 'sent' as const, sentAt: now().toISOString(), messageId };
  } catch (error) {
    limit.release(letter);
    throw error;
  }
};

const send = async (deps: NotifyDeps, letter: Letter): Promise<Handled> => {
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
