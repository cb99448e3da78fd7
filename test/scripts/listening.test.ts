import type { SQSClient } from '@aws-sdk/client-sqs';
import { listenTo } from '../../scripts/listening';

type Input = { readonly MaxNumberOfMessages?: number; readonly WaitTimeSeconds?: number; readonly Entries?: unknown[] };

/** A queue that gives these batches, one after another, and then nothing. */
const queueOf = (...batches: string[][]) => {
  const asked: Input[] = [];
  const removed: unknown[] = [];
  const send = async ({ input }: { input: Input }) => {
    if (input.Entries !== undefined) return void removed.push(...input.Entries);
    asked.push(input);
    return { Messages: batches.shift()?.map((Body) => ({ Body, ReceiptHandle: `receipt of ${Body}` })) };
  };
  return { sqs: { send } as unknown as SQSClient, asked, removed };
};

const setUp = (...batches: string[][]) => {
  const queue = queueOf(...batches);
  const heard: string[] = [];
  const stop = new AbortController();
  const listening = {
    sqs: queue.sqs,
    url: 'http://queue',
    signal: stop.signal,
    now: () => new Date('2026-11-21T09:00:00.000Z'),
    onBody: (body: string) => void heard.push(body),
    onWait: async () => undefined,
  };
  return { ...queue, heard, stop, listening };
};

const nine = Date.parse('2026-11-21T09:00:00.000Z');

test('S1-25 tells of each event, takes it off the queue, and asks for no more than are wanted', async () => {
  const { listening, heard, asked, removed } = setUp(['a', 'b'], [], ['c']);
  expect(await listenTo({ ...listening, count: 3 })).toBe(3);
  expect(heard).toEqual(['a', 'b', 'c']);
  expect(removed).toHaveLength(3);
  expect(asked.map(({ MaxNumberOfMessages }) => MaxNumberOfMessages)).toEqual([3, 1, 1]);
});

test('waits 20 seconds at a time, and not beyond its end', async () => {
  const { listening, asked } = setUp();
  let at = nine;
  const now = () => new Date(at);
  const onWait = async () => {
    if (asked.length > 0) at += 20_000;
  };
  expect(await listenTo({ ...listening, now, onWait, deadline: nine + 25_000 })).toBe(0);
  expect(asked.map(({ WaitTimeSeconds }) => WaitTimeSeconds)).toEqual([20, 5, 0]);
});

test('ends when it is interrupted while it waits', async () => {
  const { listening, stop } = setUp();
  const send = (_command: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
      stop.abort();
    });
  expect(await listenTo({ ...listening, sqs: { send } as unknown as SQSClient })).toBe(0);
});

test('a queue that cannot be read is an error', async () => {
  const { listening } = setUp();
  const send = () => Promise.reject(new Error('AccessDenied'));
  await expect(listenTo({ ...listening, sqs: { send } as unknown as SQSClient })).rejects.toThrow('AccessDenied');
});
