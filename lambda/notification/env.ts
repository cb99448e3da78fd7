import * as z from 'zod';

export const notifyCustomerEnv = z.object({
  NOTIFICATIONS_TABLE: z.string().min(1),
  /** The sender's address. */
  SENDER_EMAIL: z.email(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** The maximum number of e-mails to one address from guest orders of a shop in 20 minutes. */
  GUEST_MAILS: z.coerce.number().int().positive(),
});

export const describeMailsEnv = z.object({ NOTIFICATIONS_TABLE: z.string().min(1) });
