import * as z from 'zod';

export const takeStockEnv = z.object({
  INVENTORY_TABLE: z.string().min(1),
  RESERVATIONS_TABLE: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
});

export const relayInventoryEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });
