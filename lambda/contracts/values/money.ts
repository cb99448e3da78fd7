import * as z from 'zod';

/** The largest amount of an order in minor units. Times a tax rate in basis points, it stays far below 2^53. */
export const maxAmount = 100_000_000_000;

/** Integer minor units: yen for JPY, cents for USD. */
export const Amount = z.int().nonnegative().max(maxAmount);

/** Active currencies of ISO 4217 by their number of decimals. ICU would take 30 ms and differs from ISO. */
const byDecimals = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
    'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
    'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
    'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const;

const decimals = new Map(
  Object.entries(byDecimals).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
);

/** The codes of all supported currencies. */
export const currencies: readonly string[] = [...decimals.keys()];

/** ISO 4217 code. */
export const Currency = z
  .string()
  .length(3)
  .refine((code) => decimals.has(code), 'must be an ISO 4217 currency code such as JPY or USD');

/** Returns the number of decimals of a currency (ISO 4217): 0 for JPY, 2 for USD, 3 for KWD. */
export const minorDigits = (currency: string): number => decimals.get(currency) ?? 2;

/** Converts minor units (5998) to major units (59.98). */
export const toMajor = (amount: number, currency: string): number => amount / 10 ** minorDigits(currency);

/** Converts major units (59.98) to minor units (5998). Returns undefined when there are too many decimals. */
export const toMinor = (major: number, currency: string): number | undefined => {
  const digits = minorDigits(currency);
  const amount = Math.round(major * 10 ** digits);
  return Number.isSafeInteger(amount) && Number(toMajor(amount, currency).toFixed(digits)) === major
    ? amount
    : undefined;
};

const formats = new Map<string, Intl.NumberFormat>(); // creating one takes longer than the rest of an e-mail

const formatOf = (locale: string, currency: string): Intl.NumberFormat => {
  const fraction = { minimumFractionDigits: minorDigits(currency), maximumFractionDigits: minorDigits(currency) };
  const known =
    formats.get(`${locale} ${currency}`) ?? new Intl.NumberFormat(locale, { style: 'currency', currency, ...fraction });
  formats.set(`${locale} ${currency}`, known);
  return known;
};

/** Formats an amount for people: `￥150,000`, `$59.98`. */
export const formatMoney = (amount: number, currency: string, locale: string): string =>
  formatOf(locale, currency).format(toMajor(amount, currency));

type TaxedLine = { readonly lineTotal: number; readonly taxRateBps: number };

/** Divides two non-negative integers and rounds half up. */
const halfUp = (numerator: number, denominator: number): number =>
  Math.floor((2 * numerator + denominator) / (2 * denominator));

/** Returns the tax in minor units, rounded half up once per tax rate, as Japan's invoice system requires. */
export const taxOf = (lines: readonly TaxedLine[]): number => {
  const bases = new Map<number, number>();
  for (const { lineTotal, taxRateBps } of lines) bases.set(taxRateBps, (bases.get(taxRateBps) ?? 0) + lineTotal);
  return [...bases].reduce((tax, [rate, base]) => tax + halfUp(base * rate, 10_000), 0);
};
