import * as z from 'zod';

const table = { RETURNS_TABLE: z.string().min(1) };

export const serveReturnsEnv = z.object({ ...table, RETURN_WINDOW_DAYS: z.coerce.number().int().positive() });

export const findOpenReturnsEnv = z.object(table);

export const noteDeliveryEnv = z.object({
  ...table,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const relayReturnEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });
