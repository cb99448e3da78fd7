import * as z from 'zod';
import {
  type Charge,
  type PaymentProvider,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
} from '../../lambda/payment/providers/provider';
import { resilient } from '../../lambda/payment/providers/providers.gateway';
import { aCharge } from './charges';

const seen: ProviderSnapshot = {
  state: 'OPEN',
  externalPaymentId: 'pi_1',
  amount: 1,
  currency: 'JPY',
  at: '2026-11-21T08:00:00Z',
};

const down = () => Promise.reject(new ProviderUnavailableError('down'));
const up = () => Promise.resolve(seen);

/** Answers one after the other, the last one for ever. */
const provider = (...answers: (() => Promise<ProviderSnapshot>)[]) => {
  let asked = 0;
  const create = () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? up;
    asked += 1;
    return answer();
  };
  return { create, asked: () => asked } as unknown as PaymentProvider & { asked: () => number };
};

const impatient = { tryMs: 100, callMs: 1000, retries: 2, firstPauseMs: 1, failures: 4, openMs: 60_000 };
const guarded = (given: PaymentProvider, changes: string[] = [], timeouts = {}) => {
  const call = resilient((state) => changes.push(state), { ...impatient, ...timeouts });
  return { create: (charge: Charge) => call(() => given.create(charge)) };
};

test('S3-58 asks again while nobody answers, a few times', async () => {
  const third = provider(down, down, up);
  expect(await guarded(third).create(aCharge())).toEqual(seen);
  const never = provider(down);
  await expect(guarded(never).create(aCharge())).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(never.asked()).toBe(3);
});

test('S3-58 a refusal is an answer: it is not asked again, and does not open the breaker', async () => {
  const changes: string[] = [];
  const refusing = provider(() => Promise.reject(new ProviderRefusedError('card_declined')));
  const guard = guarded(refusing, changes);
  for (let n = 0; n < 6; n += 1) {
    await expect(guard.create(aCharge())).rejects.toMatchObject({ reason: 'card_declined' });
  }
  expect(refusing.asked()).toBe(6);
  expect(changes).toEqual([]);
});

test('S3-58 an answer about one payment that cannot be read keeps nobody else waiting', async () => {
  const changes: string[] = [];
  const guard = guarded(
    provider(async () => z.never().parse('odd')),
    changes,
  );
  for (let n = 0; n < 6; n += 1) await expect(guard.create(aCharge())).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(changes).toEqual([]);
});

test('S3-58 a provider that goes on failing is left alone, and asked once when some time has passed', async () => {
  const changes: string[] = [];
  const failing = provider(down, down, down, down, up);
  const guard = guarded(failing, changes);
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  await expect(guard.create(aCharge())).rejects.toThrow('down');
  await expect(guard.create(aCharge())).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(failing.asked()).toBe(4);
  await expect(guard.create(aCharge())).rejects.toThrow('the breaker is open');
  expect(failing.asked()).toBe(4);
  clock.mockReturnValue(1_060_000);
  expect(await guard.create(aCharge())).toEqual(seen);
  clock.mockRestore();
  expect(failing.asked()).toBe(5);
  expect(changes).toEqual(['open', 'closed']);
});

test('S3-58 an answer that never comes is given up', async () => {
  const silent = provider(() => new Promise(() => undefined));
  const guard = guarded(silent, [], { tryMs: 10, callMs: 60, firstPauseMs: 1 });
  await expect(guard.create(aCharge())).rejects.toThrow('no answer in time');
});

test('S3-58 whoever asks waits for all tries together no longer than for one call', async () => {
  const slow = provider(() => new Promise(() => undefined));
  const guard = guarded(slow, [], { tryMs: 500, callMs: 20 });
  await expect(guard.create(aCharge())).rejects.toThrow('no answer in time');
  expect(slow.asked()).toBe(1);
});

test('S3-58 whatever else goes wrong is reported as no answer', async () => {
  const broken = provider(() => Promise.reject(new TypeError('cannot read the answer')));
  await expect(guarded(broken).create(aCharge())).rejects.toMatchObject({
    name: 'ProviderUnavailableError',
    message: 'the answer cannot be used: TypeError',
  });
});
