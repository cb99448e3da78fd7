import { SQSClient } from '@aws-sdk/client-sqs';

let client: SQSClient | undefined;

/** The client of all queues. A queue's URL says which queue is meant; where SQS answers is the SDK's own knowledge. */
export const sqsClient = (): SQSClient => {
  client ??= new SQSClient({ useQueueUrlAsEndpoint: false });
  return client;
};
