import * as z from 'zod';

export const countSalesEnv = z.object({
  PRODUCT_SALES_TABLE: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
});
