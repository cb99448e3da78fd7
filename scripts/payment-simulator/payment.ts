import { randomBytes, randomUUID } from 'node:crypto';
import type { Scenario, Subject } from './scenario';

export type Provider = 'stripe' | 'paypay';
export type PaymentState = 'open' | 'declined' | 'paid' | 'failed' | 'cancelled';

export type SimulatedRefund = {
  readonly id: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  state: 'pending' | 'done' | 'failed';
};

/** A payment as the simulated provider keeps it. Amounts are what the provider counts in. */
export type SimulatedPayment = {
  readonly provider: Provider;
  /** `pi_…` of Stripe, the merchant's own ID of PayPay. */
  readonly id: string;
  /** Names the page where a customer pays. */
  readonly page: string;
  /** The client secret of Stripe, the code's ID of PayPay. */
  readonly secret: string;
  /** The charge of Stripe, PayPay's own ID of the payment. */
  readonly transactionId: string;
  readonly subject: Subject;
  readonly metadata: Readonly<Record<string, string>>;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly methods: readonly string[];
  readonly createdAt: number;
  /** When nobody can pay it any more; missing when it does not end by itself. */
  readonly expiresAt?: number;
  readonly refunds: SimulatedRefund[];
  scenario: Scenario;
  state: PaymentState;
  captured: number;
  failure?: string;
};

export type NewPayment = Pick<
  SimulatedPayment,
  'provider' | 'id' | 'subject' | 'metadata' | 'amount' | 'currency' | 'description' | 'methods'
>;

/** The letters and digits that providers make IDs of. */
export const randomId = (length = 24): string =>
  randomBytes(length * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length);

const codeMs = 300_000;

export const newPayment = (given: NewPayment, scenario: Scenario, createdAt: number): SimulatedPayment => ({
  ...given,
  ...(given.provider === 'paypay'
    ? { expiresAt: createdAt + (scenario.name === 'code-expires' ? scenario.delayMs : codeMs) }
    : {}),
  page: randomUUID(),
  secret: given.provider === 'stripe' ? `${given.id}_secret_${randomId()}` : `code-${randomUUID()}`,
  transactionId:
    given.provider === 'stripe' ? `ch_${randomId()}` : String(Number.parseInt(randomBytes(6).toString('hex'), 16)),
  createdAt,
  refunds: [],
  scenario,
  state: 'open',
  captured: 0,
});

/** Whether it may be paid or closed. */
export const isOpen = ({ state }: SimulatedPayment): boolean => state === 'open' || state === 'declined';

export const isExpired = ({ expiresAt }: SimulatedPayment, now: number): boolean =>
  expiresAt !== undefined && expiresAt <= now;

/** Whether a customer can pay it. A code that has expired is still shown as open. */
export const isPayable = (payment: SimulatedPayment, now: number): boolean =>
  isOpen(payment) && !isExpired(payment, now);

export const refundedOf = ({ refunds }: SimulatedPayment): number =>
  refunds.filter(({ state }) => state !== 'failed').reduce((sum, { amount }) => sum + amount, 0);

/** What happens with a payment and is told to the shop. */
export type Happening =
  | { readonly what: 'paid' | 'declined' | 'failed' | 'cancelled'; readonly payment: SimulatedPayment }
  | {
      readonly what: 'refunded' | 'refund-failed';
      readonly payment: SimulatedPayment;
      readonly refund: SimulatedRefund;
    };
