import * as z from 'zod';

/** Where e-mails are handed in, and from whom they come. */
export const senderEnv = z.object({ SENDER_EMAIL: z.email(), SES_URL: z.url(), SES_REGION: z.string().min(1) });
export type SenderEnv = z.output<typeof senderEnv>;

export const notifyCustomerEnv = z.object({
  NOTIFICATIONS_TABLE: z.string().min(1),
  ...senderEnv.shape,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const tellOrderEnv = z.object({ NOTIFICATIONS_TABLE: z.string().min(1) });
