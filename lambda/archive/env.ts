import * as z from 'zod';

export const archiveEventsEnv = z.object({
  ARCHIVE_BUCKET: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
});
