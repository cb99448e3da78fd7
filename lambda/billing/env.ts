import * as z from 'zod';

export const billOrderEnv = z.object({
  BILLING_TABLE: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const describeBillEnv = z.object({ BILLING_TABLE: z.string().min(1) });
