import * as z from 'zod';

/** The largest amount that an order may reach, in minor units: far below 2^53 even times a tax rate in basis points. */
export const maxAmount = 100_000_000_000;

/** Integer minor units: yen for JPY, cents for USD. */
export const Amount = z.int().nonnegative().max(maxAmount);

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217 code. */
export const Currency = z
  .string()
  .length(3)
  .refine((code) => currencies.has(code), 'must be an ISO 4217 currency code such as JPY or USD');

const formats = new Map<string, Intl.NumberFormat>(); // making one takes longer than all else that an order needs

const formatOf = (locale: string, currency: string): Intl.NumberFormat => {
  const known = formats.get(`${locale} ${currency}`) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  formats.set(`${locale} ${currency}`, known);
  return known;
};

const digits = new Map<string, number>();

/** How many decimals the currency has (ISO 4217): 0 for JPY, 2 for USD, 3 for KWD. */
export const minorDigits = (currency: string): number => {
  const known = digits.get(currency) ?? formatOf('en', currency).resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(currency, known);
  return known;
};

/** Major units as a person writes them (59.98) from minor units (5998). */
export const toMajor = (amount: number, currency: string): number => amount / 10 ** minorDigits(currency);

/** Minor units (5998) from major units (59.98), or nothing when the number has more decimals than the currency. */
export const toMinor = (major: number, currency: string): number | undefined => {
  const digits = minorDigits(currency);
  const amount = Math.round(major * 10 ** digits);
  return Number.isSafeInteger(amount) && Number(toMajor(amount, currency).toFixed(digits)) === major
    ? amount
    : undefined;
};

/** An amount for a person's eyes: `￥150,000`, `$59.98`. */
export const formatMoney = (amount: number, currency: string, locale: string): string =>
  formatOf(locale, currency).format(toMajor(amount, currency));
