import * as z from 'zod';
import type { ScenarioName } from '../payment-simulator/scenario';
import { CommandError } from './command';

const timeoutMs = 10_000;

const missing = (url: string) =>
  new CommandError(`The payment simulator does not answer at ${url}. Run "npm start", which starts it too.`);

const post = async (url: string, type: string, body: string): Promise<void> => {
  try {
    const headers = { 'Content-Type': type };
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    if (answer.status < 400) return;
    throw new CommandError(`POST ${url}: ${answer.status} ${await answer.text()}`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw missing(url);
  }
};

const Payment = z.object({
  provider: z.enum(['stripe', 'paypay']),
  orderId: z.string().optional(),
  tenant: z.string().optional(),
  /** In minor units. */
  amount: z.number(),
  currency: z.string(),
  state: z.string(),
  captured: z.number(),
  refunded: z.number(),
  /** Where a customer would pay it. */
  page: z.string(),
  /** Whether a customer can pay it now. */
  payable: z.boolean(),
});
/** A payment as the simulator shows it. */
export type SimulatorPayment = z.infer<typeof Payment>;

const Payments = z.object({ payments: z.array(Payment) });

/** The payments that the simulator at `origin` has, of one order or of all. */
export const readPayments = async (
  origin: string,
  of: { readonly tenant?: string; readonly orderId?: string } = {},
): Promise<readonly SimulatorPayment[]> => {
  const url = new URL(`/simulator/payments?${new URLSearchParams(of)}`, origin);
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => {
    throw missing(url.origin);
  });
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
      readPayments(url, { tenant, orderId }),
  };
};

export type PayPage = ReturnType<typeof payPage>;
