import { type Conflict, conflict, jitteredBackoff, retryOnConflict } from '../../lambda/kernel/retry';

const pauses: number[] = [];
const backoff = {
  attempts: 3,
  baseMs: 10,
  random: () => 0.5,
  sleep: async (ms: number) => {
    pauses.push(ms);
  },
};

beforeEach(() => {
  pauses.length = 0;
});

const losing = (times: number) => {
  const tried: number[] = [];
  const attempt = async (number: number): Promise<string | Conflict> => {
    tried.push(number);
    return number > times ? 'written' : conflict;
  };
  return { tried, attempt };
};

describe('an optimistic write', () => {
  test('is tried again until no other writer was faster', async () => {
    const { tried, attempt } = losing(2);
    expect(await retryOnConflict({ attempts: 5, onExhausted: 'busy' }, attempt)).toBe('written');
    expect(tried).toEqual([1, 2, 3]);
  });

  test('returns the answer of its caller after a conflict in every attempt', async () => {
    const { tried, attempt } = losing(9);
    expect(await retryOnConflict({ attempts: 2, onExhausted: () => 'busy' }, attempt)).toBe('busy');
    expect(tried).toEqual([1, 2]);
  });

  test('throws with the message of its caller after a conflict in every attempt', async () => {
    const written = retryOnConflict({ attempts: 2, onExhausted: 'changed 2 times' }, losing(9).attempt);
    await expect(written).rejects.toThrow('changed 2 times');
  });

  test('pauses between attempts, ever longer up to a limit, and not after the last', async () => {
    const written = retryOnConflict({ ...backoff, attempts: 8, onExhausted: 'changed' }, losing(9).attempt);
    await expect(written).rejects.toThrow('changed');
    expect(pauses).toEqual([10, 20, 40, 80, 160, 160, 160]);
  });

  test('pauses also where nothing is said of pauses', async () => {
    const { sleep } = jitteredBackoff;
    Object.assign(jitteredBackoff, { sleep: backoff.sleep });
    await retryOnConflict({ attempts: 3, onExhausted: () => 'busy' }, losing(9).attempt);
    Object.assign(jitteredBackoff, { sleep });
    expect(pauses).toHaveLength(2);
  });

  test('is not tried again after a fault', async () => {
    const tried: number[] = [];
    const attempt = async (number: number): Promise<string> => {
      tried.push(number);
      throw new Error('the table is gone');
    };
    await expect(retryOnConflict({ attempts: 5, onExhausted: 'busy' }, attempt)).rejects.toThrow('the table is gone');
    expect(tried).toEqual([1]);
  });
});
