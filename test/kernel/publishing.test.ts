import type { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeadLetterAttributes } from '../../lambda/contracts/events/dead-letter';
import {
  deadLetterAttributes,
  deadLetterQueue,
  queueUrlOf,
  sendToOwnQueue,
} from '../../lambda/kernel/events/dead-letter';
import { snsPublisher } from '../../lambda/kernel/events/publish';

/** An SNS that notes what it takes, and refuses the events whose ID is named. */
const topic = (refuses: string[] = []) => {
  const batches: PublishBatchCommand['input'][] = [];
  const send = async ({ input }: PublishBatchCommand) => {
    batches.push(input);
    const entries = input.PublishBatchRequestEntries ?? [];
    const failed = entries.filter(({ Message }) => refuses.includes(JSON.parse(Message ?? '').id));
    return { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError' })) };
  };
  return { batches, publish: snsPublisher('arn:topic', { send } as unknown as SNSClient) };
};

const event = (id: string, filler = '') => ({ id, type: 'OrderPlaced.v2', tenantid: 'default', filler });

describe('publishing', () => {
  test('sends the whole event as JSON, with type and tenant as the only attributes', async () => {
    const { batches, publish } = topic();
    await publish([event('a')]);
    expect(batches).toEqual([
      {
        TopicArn: 'arn:topic',
        PublishBatchRequestEntries: [
          {
            Id: '0',
            Message: '{"id":"a","type":"OrderPlaced.v2","tenantid":"default","filler":""}',
            MessageAttributes: {
              type: { DataType: 'String', StringValue: 'OrderPlaced.v2' },
              tenantId: { DataType: 'String', StringValue: 'default' },
            },
          },
        ],
      },
    ]);
  });

  test('sends ten at a time, and never more bytes than SNS takes', async () => {
    const { batches, publish } = topic();
    await publish(Array.from({ length: 25 }, (_, n) => event(String(n))));
    await publish(Array.from({ length: 6 }, (_, n) => event(String(n), 'x'.repeat(60_000))));
    expect(batches.map(({ PublishBatchRequestEntries = [] }) => PublishBatchRequestEntries.length)).toEqual([
      10, 10, 5, 4, 2,
    ]);
  });

  test('throws when SNS refuses one of a batch', async () => {
    const { publish } = topic(['b']);
    await expect(publish([event('a'), event('b')])).rejects.toThrow('SNS refused 1 of 2 events: InternalError');
  });

  test('sends nothing for nothing', async () => {
    const { batches, publish } = topic();
    await publish([]);
    expect(batches).toEqual([]);
  });
});

describe('dead-lettering', () => {
  const letter = {
    body: '{"id":"x"}',
    consumer: 'inventory',
    sourceQueue: 'inventory-queue',
    eventType: 'OrderPlaced.v2',
    error: new Error('Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1'),
    receiveCount: 3,
    failedAt: new Date('2026-11-21T08:00:00.000Z'),
    attributes: { type: 'OrderPlaced.v2', tenantId: 'default' },
  };

  test('writes the attributes that the dead-letter tool reads', () => {
    expect(DeadLetterAttributes.parse(deadLetterAttributes(letter))).toEqual({
      consumer: 'inventory',
      sourceQueue: 'inventory-queue',
      eventType: 'OrderPlaced.v2',
      errorName: 'Error',
      errorMessage: 'Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1',
      receiveCount: 3,
      failedAt: '2026-11-21T08:00:00.000Z',
    });
  });

  test.each([
    ['nothing', '', '-'],
    ['control characters, which SQS refuses', 'a\u0000b\nc', 'a b c'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a very long text', 'x'.repeat(5000), 'x'.repeat(1024)],
    ['a pair cut in half', `${'x'.repeat(1023)}🗼`, `${'x'.repeat(1023)}\ufffd`],
  ])('sends an error text of %s as SQS takes it', async (_what, text, sent) => {
    const inputs: SendMessageCommand['input'][] = [];
    const send = async ({ input }: SendMessageCommand) => void inputs.push(input);
    await deadLetterQueue('http://queue', { send } as unknown as SQSClient)({ ...letter, error: new Error(text) });
    expect(inputs[0]?.MessageAttributes?.errorMessage).toEqual({ DataType: 'String', StringValue: sent });
    expect(inputs[0]?.MessageBody).toBe('{"id":"x"}');
  });
});

describe('sending a failed message again', () => {
  const message = {
    queueArn: 'arn:aws:sqs:ap-northeast-1:123456789012:inventory-queue',
    body: '{"id":"x"}',
    attributes: { type: 'OrderPlaced.v2', tenantId: 'default' },
    failures: 2,
    delaySeconds: 5,
  };

  test('F-41 it goes into its own queue, late, with its publisher’s attributes and the count of its failures', async () => {
    const inputs: SendMessageCommand['input'][] = [];
    const send = async ({ input }: SendMessageCommand) => void inputs.push(input);
    await sendToOwnQueue({ send } as unknown as SQSClient)(message);
    expect(inputs).toEqual([
      {
        QueueUrl: 'https://sqs.ap-northeast-1.amazonaws.com/123456789012/inventory-queue',
        MessageBody: '{"id":"x"}',
        DelaySeconds: 5,
        MessageAttributes: {
          type: { DataType: 'String', StringValue: 'OrderPlaced.v2' },
          tenantId: { DataType: 'String', StringValue: 'default' },
          failures: { DataType: 'String', StringValue: '2' },
        },
      },
    ]);
  });

  test.each([
    ['arn:aws:sqs:us-east-1:000000000000:a-queue', 'https://sqs.us-east-1.amazonaws.com/000000000000/a-queue'],
    ['arn:aws-cn:sqs:cn-north-1:123456789012:q', 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q'],
    ['arn:aws-us-gov:sqs:us-gov-west-1:123456789012:q', 'https://sqs.us-gov-west-1.amazonaws.com/123456789012/q'],
    ['arn:aws-eusc:sqs:eusc-de-east-1:123456789012:q', 'https://sqs.eusc-de-east-1.amazonaws.eu/123456789012/q'],
  ])('the queue %s is %s', (arn, url) => expect(queueUrlOf(arn)).toBe(url));
});
