import { asError } from '../kernel/as-error';
import { trustedTenant } from '../kernel/tenant';
import type { EmailGateway } from './email.gateway';
import { emailId, type Notification, type NotificationKey } from './notification';
import type { NotificationStore } from './notification.store';
import { type MailedEvent, mailKind, orderMail } from './order-mail';

export type NotifyDeps = {
  readonly notifications: Pick<NotificationStore, 'wereSent' | 'record'>;
  readonly email: EmailGateway;
  readonly now: () => Date;
};

const keyOf = ({ id, tenantid, time }: MailedEvent): NotificationKey => ({
  tenant: trustedTenant(tenantid),
  notificationId: emailId(id.slice(id.indexOf('/') + 1)),
  createdAt: time,
});

type Sent =
  | { readonly event: MailedEvent; readonly record: Notification }
  | { readonly event: MailedEvent; readonly error: Error };

const send = async ({ email, now }: NotifyDeps, event: MailedEvent): Promise<Sent> => {
  try {
    const mail = orderMail(event);
    const messageId = await email.send(mail);
    const record: Notification = {
      ...keyOf(event),
      orderId: event.data.orderId,
      channel: 'email',
      kind: mailKind(event),
      recipient: mail.to,
      status: 'sent',
      sentAt: now().toISOString(),
      messageId,
    };
    return { event, record };
  } catch (error) {
    return { event, error: asError(error) };
  }
};

const record = async (
  { notifications }: NotifyDeps,
  sent: readonly Sent[],
): Promise<Map<MailedEvent, Error | undefined>> => {
  const taken = sent.flatMap((one) => ('record' in one ? [one] : []));
  const recorded = taken.length === 0 ? [] : await notifications.record(taken.map((one) => one.record));
  return new Map<MailedEvent, Error | undefined>([
    ...sent.flatMap((one) => ('error' in one ? [[one.event, one.error] as const] : [])),
    ...taken.map(({ event }, index) => [event, recorded[index]] as const),
  ]);
};

/**
 * Mails the customers of a batch and records what was sent. An event that is recorded is never mailed again; when the
 * function dies between SES's answer and the record, the customer may get the same e-mail twice rather than none.
 */
export const notifyCustomers =
  (deps: NotifyDeps) =>
  async (events: readonly MailedEvent[]): Promise<(Error | undefined)[]> => {
    const unique = [...new Map(events.map((event) => [event.id, event])).values()];
    const wereSent = await deps.notifications.wereSent(unique.map(keyOf));
    const sent = await Promise.all(unique.filter((_, index) => !wereSent[index]).map((event) => send(deps, event)));
    const outcomes = await record(deps, sent);
    const byId = new Map([...outcomes].map(([{ id }, outcome]) => [id, outcome]));
    return events.map(({ id }) => byId.get(id));
  };
