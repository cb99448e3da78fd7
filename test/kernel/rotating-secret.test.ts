import * as z from 'zod';
import { currentSecret, rotatingSecret } from '../../lambda/kernel/aws/secret';
import { decodeCursor, encodeCursor } from '../../lambda/kernel/http/list-page';
import { logger } from '../../lambda/kernel/logger';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { exchanged, onlySecret } from '../support/secrets';

const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:cursor';
const eight = Date.parse('2026-11-21T08:00:00.000Z');
const minute = 60_000;

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

type Version = { readonly SecretString: string; readonly CreatedDate: number };

/** Secrets Manager with one secret that can be exchanged. */
const secretsManager = () => {
  const held: { current: Version; previous?: Version; down: boolean; asked: number } = {
    current: { SecretString: 'first', CreatedDate: eight / 1000 - 86_400 },
    down: false,
    asked: 0,
  };
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    held.asked += 1;
    if (held.down) return new Response('{}', { status: 500 });
    const version = String(init?.body).includes('AWSPREVIOUS') ? held.previous : held.current;
    return version === undefined
      ? new Response('{"__type":"ResourceNotFoundException"}', { status: 400 })
      : new Response(JSON.stringify(version));
  });
  return {
    held,
    exchange: (SecretString: string, at: number) => {
      held.previous = held.current;
      held.current = { SecretString, CreatedDate: at / 1000 };
    },
  };
};

test('F-16 a secret that was never exchanged is the only one that is good', async () => {
  secretsManager();
  const { signing, good } = await rotatingSecret(arn, () => eight);
  expect({ signing, good }).toEqual({ signing: 'first', good: ['first'] });
});

test('F-16 a new secret signs nothing for ten minutes, until every running function knows it', async () => {
  const { exchange } = secretsManager();
  exchange('second', eight);
  const early = await rotatingSecret(arn, () => eight + 10 * minute - 1);
  expect([early.signing, early.good]).toEqual(['first', ['second', 'first']]);
  const later = await rotatingSecret(arn, () => eight + 10 * minute);
  expect([later.signing, later.good]).toEqual(['second', ['second', 'first']]);
});

test('F-16 a function that runs reads its secret again every five minutes', async () => {
  const { held, exchange } = secretsManager();
  const clock = { now: eight };
  const secret = await rotatingSecret(arn, () => clock.now);
  const handler = secret.refreshBefore(async (given: string) => `${given}: ${secret.good.join(' ')}`);
  exchange('second', eight);
  clock.now = eight + 5 * minute - 1;
  expect(await handler('before')).toBe('before: first');
  clock.now += 1;
  expect(await handler('after')).toBe('after: second first');
  expect(held.asked).toBe(4);
});

test('F-16 while Secrets Manager is down, a running function goes on with what it knows, and asks again every half a minute', async () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const { held, exchange } = secretsManager();
  const clock = { now: eight };
  const secret = await rotatingSecret(arn, () => clock.now);
  const handler = secret.refreshBefore(async () => secret.good);
  exchange('second', eight);
  held.down = true;
  clock.now += 5 * minute;
  expect(await handler()).toEqual(['first']);
  const { asked } = held;
  expect(await handler()).toEqual(['first']);
  expect(held.asked).toBe(asked);
  held.down = false;
  clock.now += minute / 2;
  expect(await handler()).toEqual(['second', 'first']);
});

test('F-16 a secret that others exchange applies within five minutes; one that cannot be understood changes nothing', async () => {
  const told = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const { exchange } = secretsManager();
  const clock = { now: eight };
  const keys = await currentSecret(
    arn,
    (text) => z.enum(['first', 'second']).parse(text),
    () => clock.now,
  );
  const handler = keys.refreshBefore(async () => keys.current());
  exchange('second', eight);
  clock.now += 5 * minute - 1;
  expect(await handler()).toBe('first');
  clock.now += 1;
  expect(await handler()).toBe('second');
  exchange('a slip of the pen', eight);
  clock.now += 5 * minute;
  expect(await handler()).toBe('second');
  expect(told).toHaveBeenCalledTimes(1);
});

test.each([
  ['a secret that cannot be read', () => new Response('{"__type":"AccessDeniedException"}', { status: 400 })],
  ['one that is not there', () => new Response('{"__type":"ResourceNotFoundException"}', { status: 400 })],
])('F-16 %s stops the function from starting', async (_, answer) => {
  jest.spyOn(globalThis, 'fetch').mockImplementation(async () => answer());
  await expect(rotatingSecret(arn, () => eight)).rejects.toThrow(
    'a secret cannot be read: Secrets Manager answered 400',
  );
});

test('F-16 a cursor goes on after its secret was exchanged once, and after the second time it does not', () => {
  const scope = { tenant: trustedTenant('shop-a'), list: 'orders' };
  const cursor = encodeCursor(onlySecret('first'), scope, { orderId: 'ORD-000001' });
  expect(decodeCursor(exchanged('second', 'first'), scope, cursor)).toEqual({ orderId: 'ORD-000001' });
  expect(decodeCursor(exchanged('third', 'second'), scope, cursor)).toBeUndefined();
  expect(decodeCursor(exchanged('second', 'first'), { ...scope, list: 'payments' }, cursor)).toBeUndefined();
});
