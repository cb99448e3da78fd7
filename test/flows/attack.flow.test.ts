import { parts } from '../attack/parts';

/** The short form of `npm run attack`: the same cases at each run. */
const settings = { seed: 20_261_121, short: true };

test.each(['templates', 'fields', 'access', 'files', 'providers'])(
  '%s: everything held',
  async (name) => {
    const part = parts.find((one) => one.name === name);
    const outcome = await part?.attack(settings, () => undefined);
    expect(outcome?.broken).toEqual([]);
    expect(outcome?.tried).toBeGreaterThan(0);
  },
  600_000,
);
