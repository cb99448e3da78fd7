import * as z from 'zod';

export const raiseAlertsEnv = z.object({
  ALERTS_TABLE: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
});

export const relayAlertEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });

export const tellOrderEnv = z.object({ ALERTS_TABLE: z.string().min(1) });
