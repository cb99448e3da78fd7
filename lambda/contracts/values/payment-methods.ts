import { minorDigits, toMajor } from './money';
import type { PaymentMethod, ProviderName } from './payment-status';

/**
 * The currencies of cards at Stripe whose decimals match ISO 4217 (docs.stripe.com/currencies). ISK, MGA and UGX are
 * missing, because Stripe counts them in other units.
 */
const cardCurrencies =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY ' +
  'COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD JOD ' +
  'JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO ' +
  'NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TND ' +
  'TOP TRY TTD TWD TZS UAH USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW';

const setOf = (codes: string): ReadonlySet<string> => new Set(codes.split(' '));

/** Stripe's smallest charges in minor units, for the currencies that it settles in. */
const minimum: Readonly<Record<string, number>> = {
  ...{ AED: 200, AUD: 50, BGN: 100, BRL: 50, CAD: 50, CHF: 50, CZK: 1500, DKK: 250, EUR: 50, GBP: 30, HKD: 400 },
  ...{ HUF: 17_500, INR: 50, JPY: 50, MXN: 1000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50 },
  ...{ THB: 1000, USD: 50 },
};

type Rule = {
  readonly currencies: ReadonlySet<string> | 'every';
  /**
   * The largest number of digits of an amount in minor units, for currencies other than eight. @default no Stripe limit
   */
  readonly digits?: Readonly<Record<string, number>>;
};

const walletDigits = { IDR: 12, INR: 9 };

/** Stripe's rules by its own names of payment methods, and its smallest charges. */
export const stripeRules = {
  card: { currencies: setOf(cardCurrencies), digits: { ...walletDigits, COP: 12, HUF: 12, JPY: 10, LBP: 14 } },
  paypal: { currencies: setOf('AUD CAD CHF CZK DKK EUR GBP HKD NOK NZD PLN SEK SGD USD'), digits: walletDigits },
  amazon_pay: { currencies: setOf('AUD CHF DKK EUR GBP HKD JPY NOK NZD SEK USD ZAR'), digits: walletDigits },
  minimum,
} as const satisfies Readonly<Record<string, Rule | typeof minimum>>;

const { card } = stripeRules;

/** The rule of each method. A missing method has no provider. */
const rules: Readonly<Partial<Record<PaymentMethod, Rule>>> = {
  CREDIT_CARD: card,
  DEBIT_CARD: card,
  PAYPAL: stripeRules.paypal,
  AMAZON_PAY: stripeRules.amazon_pay,
  APPLE_PAY: card,
  GOOGLE_PAY: card,
  PAYPAY: { currencies: setOf('JPY') },
  ACCOUNT_BALANCE: { currencies: 'every' },
};

const methods = Object.keys(rules) as PaymentMethod[];

/** An amount in minor units of `currency`. */
type Money = { readonly amount: number; readonly currency: string };

const text = ({ amount, currency }: Money): string =>
  `${toMajor(amount, currency).toFixed(minorDigits(currency))} ${currency}`;

/** Returns the step of amounts in minor units. Stripe takes two of three decimals. */
export const amountStep = (provider: ProviderName, currency: string): number =>
  provider === 'stripe' && minorDigits(currency) === 3 ? 10 : 1;

/** Returns the rule about a step: `in KWD the last decimal must be 0, such as 10.190 or 10.200`. */
export const stepRule = ({ amount, currency }: Money, step: number): string => {
  const below = amount - (amount % step);
  const near = [below, below + step].filter((one) => one > 0);
  const examples = near.map((one) => toMajor(one, currency).toFixed(minorDigits(currency))).join(' or ');
  return `in ${currency} the last decimal must be 0, such as ${examples}`;
};

const takes = ({ currencies }: Rule, currency: string) => currencies === 'every' || currencies.has(currency);

const refuseCurrency = (method: PaymentMethod, rule: Rule, currency: string): string | undefined => {
  if (takes(rule, currency)) return undefined;
  const [only, ...more] = rule.currencies === 'every' ? [] : rule.currencies;
  return more.length === 0 ? `${method} takes ${only} only, not ${currency}` : `${method} does not take ${currency}`;
};

const refuseAmount = (method: PaymentMethod, { digits }: Rule, money: Money): string | undefined => {
  if (digits === undefined) return undefined; // not paid by Stripe
  const { amount, currency } = money;
  const least = minimum[currency] ?? 1;
  const most = 10 ** (digits[currency] ?? 8) - 1;
  const step = amountStep('stripe', currency);
  if (amount % step !== 0) return `${method}: ${stepRule(money, step)}; the order costs ${text(money)}`;
  if (amount < least)
    return `${method} takes ${text({ amount: least, currency })} at least; the order costs ${text(money)}`;
  return amount > most
    ? `${method} takes ${text({ amount: most, currency })} at most; the order costs ${text(money)}`
    : undefined;
};

/** Returns the rule that forbids this method for this amount, or undefined when it is allowed. */
export const refusePayment = (method: PaymentMethod, money: Money): string | undefined => {
  const rule = rules[method];
  if (rule === undefined) return `${method} has no payment provider`;
  return refuseCurrency(method, rule, money.currency) ?? refuseAmount(method, rule, money);
};

/** Returns the methods that are allowed for this amount. */
export const methodsFor = (money: Money): PaymentMethod[] =>
  methods.filter((method) => refusePayment(method, money) === undefined);

/** Returns warnings about a currency for a shop with online payment. Empty when every method takes it. */
export const currencyWarnings = (currency: string): string[] => {
  const unusable = methods.filter((method) => !takes(rules[method] ?? card, currency));
  const usable = methods.filter((method) => !unusable.includes(method));
  const step = amountStep('stripe', currency);
  return [
    ...(unusable.length === 0
      ? []
      : [`Orders in ${currency} cannot be paid online by ${unusable.join(', ')}; they can by ${usable.join(', ')}.`]),
    ...(step > 1 && usable.includes('CREDIT_CARD')
      ? [
          `Cards take two of the three decimals of ${currency}: an order by card must cost a multiple of ${text({ amount: step, currency })}.`,
        ]
      : []),
  ];
};
