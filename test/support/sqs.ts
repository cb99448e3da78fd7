import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A message as Lambda receives it from SQS, with what SNS set on it. */
export const sqsRecord = (body: unknown, overrides: Partial<SQSRecord> & { receiveCount?: number } = {}): SQSRecord => {
  const { receiveCount = 1, ...rest } = overrides;
  return {
    messageId: 'message-1',
    receiptHandle: 'receipt-1',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '1795248000000',
      SenderId: 'sns',
      ApproximateFirstReceiveTimestamp: '1795248000000',
    },
    messageAttributes: {
      type: { dataType: 'String', stringValue: 'OrderPlaced.v2' },
      tenantId: { dataType: 'String', stringValue: 'default' },
    },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:inventory-queue',
    awsRegion: 'us-east-1',
    ...rest,
  };
};

export const sqsEvent = (...Records: SQSRecord[]): SQSEvent => ({ Records });
