import { ServerFrame } from '../../lambda/contracts/api/live-api';
import { unreadable, wrongFields } from '../support/hostile-frames';
import { type LiveSystem, liveSystem, shopA } from './live-system';

const subscribe = { action: 'subscribe', orderId: 'ORD-000001' };

let live: LiveSystem;

beforeEach(async () => {
  live = liveSystem();
  await live.join('c-1', shopA, 'customer', 'ada');
});

const stillServed = async () => expect((await live.say('c-1', { action: 'ping' })).answers).toEqual([{ type: 'pong' }]);

test('S2-30 hostile frames have more than fifty shapes here', () => {
  expect(wrongFields.length + unreadable.length).toBeGreaterThan(50);
});

test.each(wrongFields)(
  'S2-30 a frame of %s is answered by the field and the rule',
  async (_what, frame, pointer, rule) => {
    const { statusCode, answers } = await live.say('c-1', frame);
    expect(statusCode).toBe(200);
    expect(answers).toHaveLength(1);
    expect(answers.map((answer) => ServerFrame.parse(answer))).toEqual(answers);
    const detail = typeof rule === 'string' ? rule : expect.stringMatching(rule);
    expect(answers[0]).toMatchObject({ type: 'error', problem: 'ValidationFailed', errors: [{ pointer, detail }] });
    await stillServed();
  },
);

test.each(unreadable)('S2-30 a frame of %s is refused as a whole', async (_what, frame, problem, detail) => {
  expect(await live.say('c-1', frame)).toEqual({ statusCode: 200, answers: [{ type: 'error', problem, detail }] });
  await stillServed();
});

test('a frame of many wrong fields is not answered by as many lines', async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n]));
  const { answers } = await live.say('c-1', { action: 'ping', ...many });
  expect(answers[0]?.errors).toHaveLength(20);
});

test('a connection sends thirty frames in ten seconds at most; then it is told so, and then nothing', async () => {
  live.clock.now = new Date('2026-11-21T11:00:03.000Z');
  const told = [];
  for (let n = 0; n < 62; n += 1) told.push((await live.say('c-1', { action: 'ping' })).answers[0]);
  expect(told.slice(0, 30)).toEqual(Array(30).fill({ type: 'pong' }));
  expect(told.slice(30, 60)).toEqual(
    Array(30).fill({
      type: 'error',
      problem: 'TooManyRequests',
      detail: 'This connection sends too many frames. Wait for the seconds in retryAfter.',
      retryAfter: 7,
    }),
  );
  expect(told.slice(60)).toEqual([undefined, undefined]);
  live.clock.now = new Date('2026-11-21T11:00:10.000Z');
  await stillServed();
});

test('S2-30 once its token has expired, a connection is told to connect again', async () => {
  live.clock.now = new Date('2026-11-21T12:00:00.000Z');
  const { answers } = await live.say('c-1', subscribe);
  expect(answers).toEqual([
    { type: 'error', problem: 'InvalidToken', detail: 'The token has expired. Connect again with a new one.' },
  ]);
});

test('S2-30 an expired connection that goes on all the same is told so sixty times in ten seconds, and then nothing', async () => {
  live.clock.now = new Date('2026-11-21T12:00:01.000Z');
  const told = [];
  for (let n = 0; n < 200; n += 1) told.push(...(await live.say('c-1', { action: 'ping' })).answers);
  expect(told.map(({ problem }) => problem)).toEqual(Array(60).fill('InvalidToken'));
});

test('frames of a connection that nobody opened do nothing', async () => {
  expect((await live.say('c-2', subscribe)).answers).toMatchObject([{ problem: 'InvalidToken' }]);
});

test('a frame that cannot be handled is answered so, without saying why', async () => {
  live.order(shopA, 'ORD-000001', { version: -1 }); // which no contract accepts
  const { statusCode, answers } = await live.say('c-1', { ...subscribe, trackingToken: 'secret-token' });
  expect([statusCode, answers]).toEqual([
    200,
    [{ type: 'error', problem: 'InternalError', detail: 'The frame could not be handled. Send it again.' }],
  ]);
});
