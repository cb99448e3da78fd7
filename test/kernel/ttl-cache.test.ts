import { cached, ttlCache } from '../../lambda/kernel/ttl-cache';

const clocked = (entries: number) => {
  const clock = { now: 0 };
  const asked: string[] = [];
  const cache = ttlCache<string>({ ageMs: 1000, entries }, () => clock.now);
  const read = (key: string) =>
    cache.read(key, async () => {
      asked.push(key);
      return `${key}@${clock.now}`;
    });
  return { clock, asked, cache, read };
};

describe('F-50 a cache', () => {
  test('keeps an answer for as long as it is good', async () => {
    const { clock, asked, read } = clocked(10);
    expect(await read('a')).toBe('a@0');
    clock.now = 999;
    expect(await read('a')).toBe('a@0');
    clock.now = 1000;
    expect(await read('a')).toBe('a@1000');
    expect(asked).toEqual(['a', 'a']);
  });

  test('that is full loses the one entry that was not used for the longest time', async () => {
    const { asked, read } = clocked(3);
    for (const key of ['a', 'b', 'c', 'a', 'd']) await read(key);
    asked.length = 0;
    for (const key of ['a', 'c', 'd', 'b']) await read(key);
    expect(asked).toEqual(['b']);
  });

  test('of 10,000 loses one for one that comes in', async () => {
    const { asked, read } = clocked(10_000);
    for (let n = 0; n <= 10_000; n += 1) await read(`key-${n}`);
    asked.length = 0;
    for (let n = 1; n <= 10_000; n += 1) await read(`key-${n}`);
    expect(asked).toEqual([]);
  });

  test.each([2, 50])(
    'asks once for %i requests of one key at a time, and once for each other key',
    async (requests) => {
      const { asked, read } = clocked(10);
      const answers = await Promise.all(Array.from({ length: requests }, () => [read('a'), read('b')]).flat());
      expect([new Set(answers), asked]).toEqual([new Set(['a@0', 'b@0']), ['a', 'b']]);
    },
  );

  test('keeps no failure: all who waited hear of it, and the next one asks again', async () => {
    const { cache } = clocked(10);
    let asked = 0;
    const failing = async () => {
      asked += 1;
      throw new Error('throttled');
    };
    const outcomes = await Promise.allSettled([cache.read('a', failing), cache.read('a', failing)]);
    expect([outcomes.map(({ status }) => status), asked]).toEqual([['rejected', 'rejected'], 1]);
    expect(await cache.read('a', async () => 'there')).toBe('there');
  });

  test('keeps nothing of what is not there', async () => {
    const answers = [undefined, 'new'];
    const question = cached(async () => answers.shift(), 1000);
    expect([await question('a'), await question('a'), await question('a')]).toEqual([undefined, 'new', 'new']);
  });

  test('counts the age from when it asked, not from when it was answered', async () => {
    const { clock, cache } = clocked(10);
    await cache.read('a', async () => {
      clock.now = 900;
      return 'slow';
    });
    expect(cache.get('a')).toBe('slow');
    clock.now = 1000;
    expect(cache.get('a')).toBeUndefined();
  });
});

test('F-50 a question that fails before it is asked is asked again, and not kept for ever', async () => {
  const cache = ttlCache<string>({ ageMs: 1000, entries: 10 });
  let asked = 0;
  const read = (): Promise<string> => {
    asked += 1;
    if (asked === 1) throw new Error('a key that cannot be read');
    return Promise.resolve('found');
  };
  await expect(cache.read('a', read)).rejects.toThrow('a key that cannot be read');
  expect(await cache.read('a', read)).toBe('found');
});
