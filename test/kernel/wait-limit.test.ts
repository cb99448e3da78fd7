import { isProblem } from '../../lambda/kernel/http/answer';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import {
  callerWaits,
  longestWaitMs,
  tenantWaits,
  type Wait,
  waitLimiter,
  waitUntil,
} from '../../lambda/kernel/http/wait-limit';
import { trustedTenant } from '../../lambda/kernel/tenant';

const shop = trustedTenant('shop-a');
const visitor = (sourceIp = '192.0.2.1') => ({ caller: guest(shop), sourceIp });
const user = (userId: string) => ({
  caller: { tenant: shop, userId, roles: ['customer'] } as Caller,
  sourceIp: '192.0.2.1',
});

/** Waits of several functions over one table of windows, and one clock. */
const setUp = () => {
  const used = new Map<string, number>();
  const clock = { ms: 1_000_000 };
  const deps = {
    lease: async ({ bucket, block, limit }: { bucket: string; block: number; limit: number }) => {
      const next = (used.get(bucket) ?? 0) + block;
      if (next > limit) return false;
      used.set(bucket, next);
      return true;
    },
    giveBack: async ({ bucket, amount }: { bucket: string; amount: number }) => {
      used.set(bucket, (used.get(bucket) ?? 0) - amount);
    },
    now: () => clock.ms,
  };
  const waits = waitLimiter(deps);
  const begin = async (who: ReturnType<typeof visitor>, times: number): Promise<Wait[]> => {
    const begun: Wait[] = [];
    for (let n = 0; n < times; n += 1) {
      const outcome = await waits.begin(who);
      if (!isProblem(outcome)) begun.push(outcome);
    }
    return begun;
  };
  return { waits, clock, begin, used };
};

describe('F-30 waits of one caller', () => {
  test('are five in twenty seconds: the sixth is told when to come back', async () => {
    const { waits, clock, begin } = setUp();
    expect(await begin(visitor(), 5)).toHaveLength(5);
    clock.ms += 3_000;
    expect(await waits.begin(visitor())).toEqual({
      status: 429,
      problem: 'TooManyRequests',
      detail: 'You have too many waiting requests. Try again later, or without waitForVersion.',
      headers: { 'retry-after': '17' },
    });
  });

  test('twenty a second for a minute occupy ten functions at most', async () => {
    const { clock, begin } = setUp();
    const ends: number[] = [];
    let most = 0;
    for (let tick = 0; tick < 60; tick += 1) {
      const begun = await begin(visitor(), 20);
      ends.push(...begun.map(() => clock.ms + longestWaitMs));
      most = Math.max(most, ends.filter((end) => end > clock.ms).length);
      clock.ms += 1000;
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(10);
  });

  test('that are over make room: a hundred short ones are let through', async () => {
    const { clock, begin } = setUp();
    for (let n = 0; n < 100; n += 1) {
      const [wait] = await begin(visitor(), 1);
      expect([n, wait === undefined]).toEqual([n, false]);
      await wait?.end();
      clock.ms += 10;
    }
  });

  test('give back what they did not use, and no more', async () => {
    const { clock, begin, used } = setUp();
    const [wait] = await begin(visitor(), 1);
    clock.ms += 12_400;
    await wait?.end();
    expect([...used.values()]).toEqual([13, 13]);
  });

  test('of functions that died are forgotten with their window', async () => {
    const { clock, begin } = setUp();
    await begin(visitor(), 5);
    expect(await begin(visitor(), 1)).toHaveLength(0);
    clock.ms += longestWaitMs;
    expect(await begin(visitor(), 9)).toHaveLength(5);
  });

  test('take nothing from another caller: user, guest of another address', async () => {
    const { begin } = setUp();
    await begin(visitor(), 9);
    expect(await begin(visitor('192.0.2.2'), 9)).toHaveLength(5);
    expect(await begin(user('ada'), 9)).toHaveLength(5);
    expect(await begin(user('bob'), 9)).toHaveLength(5);
  });

  test('of one IPv6 network are those of one guest', async () => {
    const { begin } = setUp();
    await begin(visitor('2001:db8:1:2::1'), 5);
    expect(await begin(visitor('2001:db8:1:2::2'), 5)).toHaveLength(0);
  });
});

describe('F-30 waits of one tenant', () => {
  test('are twenty-five in twenty seconds, whoever begins them; another tenant is served', async () => {
    const { waits, begin } = setUp();
    let begun = 0;
    for (let n = 0; n < 10; n += 1) begun += (await begin(user(`user-${n}`), 5)).length;
    expect(begun).toBe(25);
    expect(await waits.begin(user('late'))).toMatchObject({
      status: 429,
      detail: 'This tenant has too many waiting requests. Try again later, or without waitForVersion.',
      headers: { 'retry-after': expect.any(String) },
    });
    expect(isProblem(await waits.begin({ caller: guest(trustedTenant('shop-b')), sourceIp: '192.0.2.1' }))).toBe(false);
  });

  test('a refusal takes nothing from the caller', async () => {
    const { begin, used } = setUp();
    for (let n = 0; n < 5; n += 1) await begin(user(`user-${n}`), 5);
    await begin(user('late'), 3);
    expect([...used.values()].filter((seconds) => seconds === 0)).toHaveLength(1);
  });
});

describe('F-30 what is there already', () => {
  const reading = (enough: boolean) => {
    let begun = 0;
    let ended = 0;
    const begin = async () => {
      begun += 1;
      return {
        end: async () => {
          ended += 1;
        },
      };
    };
    let at = 0;
    const sleep = async (ms: number) => {
      at += ms;
    };
    const deps = { waits: { begin }, now: () => at, sleep };
    return { deps, counts: () => [begun, ended], expected: { read: async () => 'order', isEnough: () => enough } };
  };

  test('is no wait', async () => {
    const { deps, counts, expected } = reading(true);
    expect([await waitUntil(deps, visitor(), expected), counts()]).toEqual(['order', [0, 0]]);
  });

  test('is a wait that ends when it is not', async () => {
    const { deps, counts, expected } = reading(false);
    expect([await waitUntil(deps, visitor(), expected), counts()]).toEqual(['order', [1, 1]]);
  });

  test('a wait ends when reading fails', async () => {
    const { deps, counts } = reading(false);
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (reads > 1) throw new Error('no answer');
      return 'order';
    };
    await expect(waitUntil(deps, visitor(), { read, isEnough: () => false })).rejects.toThrow('no answer');
    expect(counts()).toEqual([1, 1]);
  });
});

test('F-30 the shares are stated: five waits of a caller, twenty-five of a tenant, twenty seconds each', () => {
  expect([callerWaits, tenantWaits, longestWaitMs]).toEqual([5, 25, 20_000]);
});
