import type { Caller } from '../../lambda/kernel/http/caller';
import { rateLimiter } from '../../lambda/kernel/http/rate-limit';
import { trustedTenant } from '../../lambda/kernel/tenant';

const shopA = trustedTenant('shop-a');
const shopB = trustedTenant('shop-b');
const limits = { tenantPerMinute: 600, callerPerMinute: 240 }; // 100 and 40 in ten seconds
const from = { sourceIp: '192.0.2.1' };

/** Several functions that share one table of leases and one clock. */
const setUp = () => {
  const used = new Map<string, number>();
  const leases: string[] = [];
  const clock = { ms: 1_000_000 };
  const limiter = () =>
    rateLimiter({
      lease: async ({ bucket, block, limit }) => {
        leases.push(bucket);
        const next = (used.get(bucket) ?? 0) + block;
        if (next > limit) return false;
        used.set(bucket, next);
        return true;
      },
      now: () => clock.ms,
    });
  return { limiter, leases, clock };
};

const send = async (limit: ReturnType<typeof rateLimiter>, caller: Caller, times: number, sourceIp = from.sourceIp) => {
  const answers = [];
  for (let n = 0; n < times; n += 1) answers.push(await limit(caller, { sourceIp }));
  return answers.filter((answer) => answer === undefined).length;
};

const ada: Caller = { tenant: shopA, userId: 'ada', roles: ['customer'], limits };

describe('S3-52 the limit of one caller', () => {
  test('lets nearly as many requests through as it says, and answers 429 with when to come back', async () => {
    const { limiter, clock } = setUp();
    const limit = limiter();
    expect(await send(limit, ada, 500)).toBe(44); // 40, and the block of four that the function gave by itself
    clock.ms += 3_500;
    expect(await limit(ada, from)).toEqual({
      status: 429,
      problem: 'TooManyRequests',
      detail: 'You send too many requests. Try again after the seconds in Retry-After.',
      headers: { 'retry-after': '7' },
    });
  });

  test('is over when the next window begins', async () => {
    const { limiter, clock } = setUp();
    const limit = limiter();
    await send(limit, ada, 100);
    clock.ms = 1_010_000;
    expect(await limit(ada, from)).toBeUndefined();
  });

  test('leaves the others of the tenant alone, and guests of other addresses too', async () => {
    const { limiter } = setUp();
    const limit = limiter();
    await send(limit, ada, 100);
    expect(await limit({ ...ada, userId: 'bob' }, from)).toBeUndefined();
    const guest: Caller = { tenant: shopA, roles: [], limits };
    expect(await send(limit, guest, 60, '192.0.2.7')).toBe(44);
    expect(await limit(guest, { sourceIp: '192.0.2.8' })).toBeUndefined();
  });

  test('cannot be stretched by functions that do not know of each other but by a tenth for each', async () => {
    const { limiter } = setUp();
    const [one, other] = [limiter(), limiter()];
    expect((await send(one, ada, 200)) + (await send(other, ada, 200))).toBe(48);
  });
});

describe('S3-52 the limit of a tenant', () => {
  const visitor = (n: number): Caller => ({ tenant: shopA, userId: `user-${n}`, roles: ['customer'], limits });

  test('stops a noisy tenant and takes nothing from another', async () => {
    const { limiter } = setUp();
    const limit = limiter();
    const sent = await Promise.all(Array.from({ length: 30 }, (_, n) => send(limit, visitor(n), 10)));
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(110);
    expect(await limit(visitor(31), from)).toMatchObject({
      status: 429,
      detail: 'This tenant sends too many requests. Try again after the seconds in Retry-After.',
    });
    expect(await limit({ ...ada, tenant: shopB }, from)).toBeUndefined();
  });

  test('is 6000 a minute, and 1200 for a caller, when the tenant has none of its own', async () => {
    const { limiter } = setUp();
    expect(await send(limiter(), { ...ada, limits: undefined }, 300)).toBe(220);
  });
});

test('G5 most requests cost no write: a tenth of a limit is free, and leased at a time after that', async () => {
  const { limiter, leases } = setUp();
  const limit = limiter();
  expect(await send(limit, { ...ada, limits: undefined }, 20)).toBe(20);
  expect(leases).toEqual([]);
  await send(limit, { ...ada, limits: undefined }, 80);
  expect(leases).toHaveLength(4); // of the caller's 200; the tenant's first hundred is not used up
});

test('P14 the table of limits names no user and no address', async () => {
  const { limiter, leases } = setUp();
  const limit = limiter();
  await send(limit, ada, 60);
  await send(limit, { tenant: shopA, roles: [], limits }, 60);
  expect(leases.join()).not.toMatch(/ada|192\.0\.2/);
  for (const bucket of leases) expect(bucket).toMatch(/^shop-a#[\w-]*#1000000$/);
});
