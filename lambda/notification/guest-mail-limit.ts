import { hashedName, type RateLimitDeps, windowCounter } from '../kernel/http/rate-limit';
import type { MailMessage } from './mail';

const windowMs = 20 * 60_000;

const nameOf = ({ record: { tenant, recipient } }: MailMessage): string =>
  `${tenant}#order-mail#${hashedName(tenant, recipient.toLowerCase())}`;

/**
 * Limits the mails that a guest causes by placing and cancelling orders to `perWindow` in 20 minutes: nobody has proved that
 * the address is the guest's. Counts by shop and address, and asks nothing for the first tenth. A mail to a user, about a
 * refund, or about what staff does with an order is not counted.
 */
export const guestMailLimit = (deps: RateLimitDeps, perWindow: number) => {
  const counter = windowCounter(deps, windowMs);
  return {
    /** Returns false when the mail must not be sent. */
    admit: async (letter: MailMessage): Promise<boolean> =>
      !letter.isOfGuest || counter.take(nameOf(letter), perWindow),

    /** Puts back what an admitted mail took that could not be sent: it comes again. */
    release: (letter: MailMessage): void => {
      if (letter.isOfGuest) counter.putBack(nameOf(letter));
    },
  };
};

export type GuestMailLimit = ReturnType<typeof guestMailLimit>;
