import * as z from 'zod';

/**
 * The SQS message attributes of a message in the dead-letter queue. All are missing when SQS itself moved it there.
 * `receiveCount` is how often the consumer's handler failed on it: 1 for what no contract accepts, else three.
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
