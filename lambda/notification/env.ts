import * as z from 'zod';

export const notifyCustomerEnv = z.object({
  NOTIFICATIONS_TABLE: z.string().min(1),
  /** From whom e-mails come. */
  SENDER_EMAIL: z.email(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** How many mails the orders of guests may send one address of a shop in 20 minutes. */
  GUEST_MAILS: z.coerce.number().int().positive(),
});

export const describeMailsEnv = z.object({ NOTIFICATIONS_TABLE: z.string().min(1) });
