import * as z from 'zod';

/**
 * The SQS message attributes of a message in the dead-letter queue. All are missing when SQS itself moved it there.
 * `receiveCount` is the number of failed attempts: 1 for a message that no contract accepts, otherwise 3.
 */
export const DeadLetterAttributes = z.object({
  consumer: z.string(),
  sourceQueue: z.string(),
  eventType: z.string(),
  errorName: z.string(),
  errorMessage: z.string(),
  receiveCount: z.coerce.number().int(),
  failedAt: z.iso.datetime(),
});
export type DeadLetterAttributes = z.infer<typeof DeadLetterAttributes>;
