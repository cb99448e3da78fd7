import { Currency, formatMoney, taxOf, toMajor, toMinor } from '../../lambda/contracts/values/money';

describe('tax', () => {
  test.each([
    ['S0-35 10 % of 6,000 yen', [{ lineTotal: 6000, taxRateBps: 1000 }], 600],
    ['seed 004: 10 % of 59.98 dollars is 6.00, half up', [{ lineTotal: 5998, taxRateBps: 1000 }], 600],
    ['half a yen rounds up', [{ lineTotal: 5, taxRateBps: 1000 }], 1],
    ['less than half a yen rounds down', [{ lineTotal: 4, taxRateBps: 1000 }], 0],
    [
      'rounds once per rate, not once per line',
      [
        { lineTotal: 4, taxRateBps: 1000 },
        { lineTotal: 4, taxRateBps: 1000 },
      ],
      1,
    ],
    [
      'the reduced rate is rounded by itself',
      [
        { lineTotal: 105, taxRateBps: 1000 },
        { lineTotal: 107, taxRateBps: 800 },
      ],
      20,
    ],
    ['the largest amount is exact', [{ lineTotal: 100_000_000_000, taxRateBps: 1000 }], 10_000_000_000],
  ])('%s', (_what, lines, tax) => expect(taxOf(lines)).toBe(tax));
});

describe('major and minor units', () => {
  test.each([
    [59.98, 'USD', 5998],
    [29.99, 'USD', 2999],
    [0.1, 'USD', 10],
    [1.005, 'KWD', 1005],
    [150_000, 'JPY', 150_000],
    [0, 'JPY', 0],
    [1_000_000_000, 'USD', 100_000_000_000],
    [1234.56, 'HUF', 123_456],
    [7, 'KRW', 7],
  ])('%d %s is %d minor units and back', (major, currency, minor) => {
    expect(toMinor(major, currency)).toBe(minor);
    expect(toMajor(minor, currency)).toBe(major);
  });

  test.each([
    [0.5, 'JPY'],
    [1.001, 'USD'],
    [1e300, 'USD'],
  ])('%d %s has more decimals or digits than the currency', (major, currency) => {
    expect(toMinor(major, currency)).toBeUndefined();
  });

  test('amounts are written as the reader does', () => {
    expect(formatMoney(6600, 'JPY', 'ja')).toBe('￥6,600');
    expect(formatMoney(6598, 'USD', 'en')).toBe('$65.98');
  });

  test('no currency is left out, and none is listed twice', () => {
    const known = Intl.supportedValuesOf('currency').filter((code) => Currency.safeParse(code).success);
    expect(known.length).toBeGreaterThan(145);
    expect(['JPY', 'USD', 'EUR', 'GBP', 'CNY', 'TWD'].filter((code) => !known.includes(code))).toEqual([]);
    expect(['XXX', 'XAU', 'BTC', 'jpy', ''].filter((code) => Currency.safeParse(code).success)).toEqual([]);
  });

  test('an amount is written with the decimals of ISO 4217, whatever ICU says', () => {
    expect(formatMoney(123_456, 'HUF', 'en')).toMatch(/^HUF\s1,234\.56$/);
    expect(formatMoney(1500, 'KWD', 'en')).toMatch(/^KWD\s1\.500$/);
  });
});
