import * as z from 'zod';

export const archiveEventsEnv = z.object({
  ARCHIVE_URL: z.url(),
  ARCHIVE_REGION: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
});
