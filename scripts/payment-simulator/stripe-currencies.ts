import { stripeRules } from '../../lambda/contracts/values/payment-methods';
import type { Reply } from '../lib/page';
import { json } from './reply';

const otherUnits = ['ISK', 'MGA', 'UGX']; // cards take them, but in other units than those of ISO 4217

const refuse = (code: string, param: string, message: string): Reply =>
  json(400, { error: { type: 'invalid_request_error', code, param, message } });

type Type = 'card' | 'paypal' | 'amazon_pay';

const isType = (method: string): method is Type => method === 'card' || method === 'paypal' || method === 'amazon_pay';

/** What amounts of a currency must be a multiple of, as Stripe counts them. */
const stepOf = (currency: string): number => {
  if (['BHD', 'JOD', 'KWD', 'OMR', 'TND'].includes(currency)) return 10;
  return currency === 'ISK' || currency === 'UGX' ? 100 : 1;
};

/** Refuses an amount that does not end as Stripe wants it to. */
export const refuseStep = (amount: number, currency: string): Reply | undefined => {
  const step = stepOf(currency);
  if (amount % step === 0) return undefined;
  return refuse('parameter_invalid_integer', 'amount', `Amounts in ${currency} must be divisible by ${step}.`);
};

/** Refuses what Stripe documents that it does not charge: docs.stripe.com/currencies. */
export const refuseCharge = (
  amount: number,
  currency: string,
  [method = 'card']: readonly string[],
): Reply | undefined => {
  const type = isType(method) ? method : 'card';
  const { currencies, digits } = stripeRules[type];
  const isKnown = currencies.has(currency) || (type === 'card' && otherUnits.includes(currency));
  if (!isKnown) return refuse('parameter_invalid_string', 'currency', `${currency} is not supported by ${type}.`);
  const least = stripeRules.minimum[currency] ?? 1;
  if (amount < least) return refuse('amount_too_small', 'amount', `Amount must be at least ${least} ${currency}.`);
  const most = 10 ** ((digits as Readonly<Record<string, number>>)[currency] ?? 8) - 1;
  if (amount > most) return refuse('amount_too_large', 'amount', `Amount must be no more than ${most} ${currency}.`);
  return refuseStep(amount, currency);
};
