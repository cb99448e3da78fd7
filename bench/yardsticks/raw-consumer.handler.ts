import type { SQSEvent } from 'aws-lambda';

/** Takes messages and does nothing with them but log a line for each, as every consumer does. */
export const handler = async ({ Records }: SQSEvent) => {
  for (const { messageId } of Records)
    process.stdout.write(`{"level":"INFO","message":"message handled","messageId":"${messageId}"}\n`);
  return { batchItemFailures: [] };
};
