import { hashedName, type RateLimitDeps, windowCounter } from '../kernel/http/rate-limit';
import type { MailMessage } from './mail';

const windowMs = 20 * 60_000;

const nameOf = ({ record: { tenant }, mail: { to } }: MailMessage): string =>
  `${tenant}#order-mail#${hashedName(tenant, to.toLowerCase())}`;

/**
 * Limits the e-mails from guest orders to `perWindow` per shop and address in 20 minutes, since a guest's address is
 * not verified. The first tenth needs no request to the table. E-mails to users, about refunds, or about actions of
 * staff are not counted.
 */
export const guestMailLimit = (deps: RateLimitDeps, perWindow: number) => {
  const counter = windowCounter(deps, windowMs);
  return {
    /** Returns false when the e-mail must not be sent. */
    admit: async (message: MailMessage): Promise<boolean> =>
      !message.isOfGuest || counter.take(nameOf(message), perWindow),

    /** Uncounts an admitted e-mail that could not be sent, since its event is delivered again. */
    release: (message: MailMessage): void => {
      if (message.isOfGuest) counter.putBack(nameOf(message));
    },
  };
};

export type GuestMailLimit = ReturnType<typeof guestMailLimit>;
