import { type AdvanceDeps, advancePayment } from './advance-payment';
import type { Payment } from './payment';
import { replaceCheckout } from './replace-key';

/**
 * Returns the payment, after a page to pay on that has ended was closed and another was asked for. Of two requests at once
 * one asks, and the other sees what has become of it so far; what the provider does not answer is the poller's to ask again.
 */
export const liveCheckout =
  (deps: AdvanceDeps) =>
  async (payment: Payment): Promise<Payment> => {
    const replaced = replaceCheckout(payment, { actor: 'customer', at: deps.now() });
    if (replaced === undefined) return payment;
    const payments = { ...deps.payments, postpone: async () => false }; // it is due already: the poller goes on
    if ((await payments.save(replaced)) === 'saved') await advancePayment({ ...deps, payments })(replaced, 'poll');
    return (await deps.payments.get(payment)) ?? payment;
  };
