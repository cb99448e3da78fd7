import {
  deleteDeadLetters,
  listDeadLetters,
  redriveDeadLetters,
} from '../../../../scripts/lib/dead-letters/dead-letter-actions';
import { type Faults, fakeQueue, parked } from './fake-queue';

const routes = { workQueues: ['inventory-queue'], subscriptions: [] };
const queueUrls = { 'inventory-queue': 'http://localhost/0/inventory-queue' };
const ids = (count: number) => parked(count).map(({ MessageId = '' }) => MessageId);

const redrive = (count: number, faults: Faults = {}, options: Parameters<typeof redriveDeadLetters>[2] = {}) => {
  const fake = fakeQueue(parked(count), faults);
  const outcome = redriveDeadLetters({ ...fake.queue, queueUrls, routes }, ids(count), options);
  return { ...fake, outcome };
};

describe('listing', () => {
  test('finds all of 250 messages although every other answer is empty, and leaves every one visible', async () => {
    const { queue, visible } = fakeQueue(parked(250), { isSilent: (receive) => receive % 2 === 0 });
    await expect(listDeadLetters(queue)).resolves.toHaveLength(250);
    expect(visible()).toHaveLength(250);
  });

  test('does not take some empty answers in a row for the end', async () => {
    const { queue } = fakeQueue(parked(30), { isSilent: (receive) => receive >= 1 && receive < 9 });
    await expect(listDeadLetters(queue)).resolves.toHaveLength(30);
  });

  test('shows a message once that is delivered again meanwhile, and puts it back by its newest receipt', async () => {
    const { queue, visible } = fakeQueue(parked(25), { redelivers: (receive) => receive === 2 });
    const deadLetters = await listDeadLetters(queue);
    expect(new Set(deadLetters.map(({ messageId }) => messageId)).size).toBe(25);
    expect(deadLetters).toHaveLength(25);
    expect(visible()).toHaveLength(25);
  });

  test('comes to an end when messages never stay hidden', async () => {
    const { queue } = fakeQueue(parked(5), { redelivers: () => true });
    await expect(listDeadLetters(queue)).resolves.toHaveLength(5);
  });

  test('that is interrupted puts back what it holds', async () => {
    const stop = new AbortController();
    const { queue, visible } = fakeQueue(parked(100));
    const deadLetters = await listDeadLetters(queue, {
      signal: stop.signal,
      onProgress: (seen) => seen >= 20 && stop.abort(),
    });
    expect(deadLetters).toHaveLength(20);
    expect(visible()).toHaveLength(100);
  });
});

describe('redriving', () => {
  test('sends each message before it deletes it', async () => {
    const { outcome, log } = redrive(1);
    await outcome;
    expect(log).toEqual(['send 0', 'delete m-0']);
  });

  test('F-41 gives a message three new lives, also one that SQS moved after its handler had failed on it twice', async () => {
    const string = (StringValue: string) => ({ DataType: 'String', StringValue });
    const [message = {}] = parked(1);
    const MessageAttributes = { ...message.MessageAttributes, type: string('OrderPlaced.v2'), failures: string('2') };
    const fake = fakeQueue([{ ...message, MessageAttributes }]);
    await redriveDeadLetters({ ...fake.queue, queueUrls, routes }, ['m-0']);
    expect(fake.sentAttributes).toEqual([['type']]);
  });

  test('keeps a message that could not be sent, visible, and says why', async () => {
    const { outcome, left, visible } = redrive(3, { failSend: (body) => body === '1' });
    const { deeds } = await outcome;
    expect(deeds.filter(({ problem }) => problem !== undefined)).toMatchObject([
      { deadLetter: { messageId: 'm-1' }, problem: 'Error: send failed' },
    ]);
    expect(left()).toEqual(['m-1']);
    expect(visible()).toEqual(['m-1']);
  });

  test('that dies between send and delete leaves the message twice, never nowhere', async () => {
    const { outcome, sent, left } = redrive(1, { failDelete: true });
    await outcome;
    expect(sent).toEqual(['0']);
    expect(left()).toEqual(['m-0']);
  });

  test('that is interrupted finishes the messages at hand and puts the rest back', async () => {
    const stop = new AbortController();
    const { outcome, sent, left, visible } = redrive(35, {}, { signal: stop.signal, onProgress: () => stop.abort() });
    const { missing } = await outcome;
    expect(sent).toHaveLength(10);
    expect(left()).toHaveLength(25);
    expect(visible()).toHaveLength(25);
    expect(missing).toHaveLength(25);
  });

  test('stops and loses nothing when its audit line cannot be written', async () => {
    const note = () => {
      throw new Error('disk full');
    };
    const { outcome, sent, left } = redrive(25, {}, { note });
    await expect(outcome).rejects.toThrow('disk full');
    expect(sent).toHaveLength(10);
    expect(left()).toHaveLength(15);
  });

  test('says which messages were not there any more', async () => {
    const fake = fakeQueue(parked(1));
    const { missing } = await redriveDeadLetters({ ...fake.queue, queueUrls, routes }, ['m-0', 'gone']);
    expect(missing).toEqual(['gone']);
  });
});

describe('deleting', () => {
  test('notes each message before it is gone, and leaves the others', async () => {
    const fake = fakeQueue(parked(12));
    const noted: string[] = [];
    await deleteDeadLetters(fake.queue, ['m-3'], {
      note: ({ deadLetter }) => {
        noted.push(`${deadLetter.messageId}, ${fake.left().length} left`);
      },
    });
    expect(noted).toEqual(['m-3, 12 left']);
    expect(fake.left()).not.toContain('m-3');
    expect(fake.visible()).toHaveLength(11);
  });

  test('does not delete what could not be noted', async () => {
    const fake = fakeQueue(parked(3));
    const note = () => {
      throw new Error('disk full');
    };
    await expect(deleteDeadLetters(fake.queue, ids(3), { note })).rejects.toThrow('disk full');
    expect(fake.visible()).toHaveLength(3);
  });
});
