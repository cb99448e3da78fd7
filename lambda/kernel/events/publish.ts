import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';

/** The part of an event that publishing needs. */
export type Publishable = { readonly id: string; readonly type: string; readonly tenantid: string };

export type Publish = (events: readonly Publishable[]) => Promise<void>;

const batchLimit = { entries: 10, bytes: 250_000 };

/** Splits events into batches that SNS accepts: at most ten messages and 256 KB together. */
const batches = (events: readonly Publishable[]): { event: Publishable; body: string }[][] => {
  const all: { event: Publishable; body: string }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const body = JSON.stringify(event);
    const size = Buffer.byteLength(body);
    const last = all.at(-1);
    if (last === undefined || last.length === batchLimit.entries || bytes + size > batchLimit.bytes) {
      all.push([{ event, body }]);
      bytes = size;
    } else {
      last.push({ event, body });
      bytes += size;
    }
  }
  return all;
};

const attribute = (value: string) => ({ DataType: 'String', StringValue: value });

/**
 * Publishes events to a topic. Subscriptions filter on the attribute `type`, which only this publisher sets. Throws
 * when SNS refuses any event; accepted ones may then be published again, under the same event ID.
 */
export const snsPublisher = (topicArn: string, sns = new SNSClient({})): Publish => {
  const publishBatch = async (batch: { event: Publishable; body: string }[]) => {
    const { Failed = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: batch.map(({ event, body }, index) => ({
          Id: String(index),
          Message: body,
          MessageAttributes: { type: attribute(event.type), tenantId: attribute(event.tenantid) },
        })),
      }),
    );
    return Failed;
  };

  return async (events) => {
    for (const batch of batches(events)) {
      const failed = await publishBatch(batch);
      if (failed.length > 0)
        throw new Error(`SNS refused ${failed.length} of ${batch.length} events: ${failed[0]?.Code}`);
    }
  };
};
