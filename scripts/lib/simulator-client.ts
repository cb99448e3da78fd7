import * as z from 'zod';
import type { ScenarioName } from '../payment-simulator/scenario';
import { CommandError } from './command';

const impatience = 10_000;

const post = async (url: string, type: string, body: string): Promise<void> => {
  try {
    const headers = { 'Content-Type': type };
    const signal = AbortSignal.timeout(impatience);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    if (answer.status < 400) return;
    throw new CommandError(`POST ${url}: ${answer.status} ${await answer.text()}`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`The payment simulator does not answer at ${url}. Run "npm start", which starts it too.`);
  }
};

const Payments = z.object({
  payments: z.array(z.object({ state: z.string(), captured: z.number(), refunded: z.number() })),
});

const readPayments = async (url: URL) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(impatience) });
  return Payments.parse(await answer.json()).payments;
};

/** The page where a customer would pay, at the payment simulator. */
export const payPage = (url: string) => {
  const click = (action: 'pay' | 'refuse') => post(url, 'application/x-www-form-urlencoded', `action=${action}`);
  return {
    url,
    pay: () => click('pay'),
    refuse: () => click('refuse'),
    /** Says what goes wrong, or right, with the payment of this order from now on. */
    play: (scenario: ScenarioName, of: { readonly tenant: string; readonly orderId: string }) =>
      post(`${new URL(url).origin}/simulator/scenarios`, 'application/json', JSON.stringify({ scenario, ...of })),
    /** What the provider has of this order: one payment, or more when something went wrong. */
    payments: ({ tenant, orderId }: { readonly tenant: string; readonly orderId: string }) =>
      readPayments(new URL(`/simulator/payments?${new URLSearchParams({ tenant, orderId })}`, url)),
  };
};

export type PayPage = ReturnType<typeof payPage>;
