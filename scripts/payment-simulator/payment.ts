import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
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

/** A dispute (chargeback), in Stripe's own words. PayPay knows none. */
export const DisputeStatus = z.enum([
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'needs_response',
  'under_review',
  'won',
  'lost',
]);
export type DisputeStatus = z.infer<typeof DisputeStatus>;

export type SimulatedDispute = {
  readonly id: string;
  readonly amount: number;
  readonly reason: string;
  readonly createdAt: number;
  readonly dueBy: number;
  status: DisputeStatus;
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
  readonly disputes: SimulatedDispute[];
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
  disputes: [],
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

/** Whether a dispute has taken the money, for the time being or for good: nothing of it can be refunded. */
export const isHeld = ({ disputes }: SimulatedPayment): boolean =>
  disputes.some(({ status }) => status === 'needs_response' || status === 'under_review' || status === 'lost');

/** What happens with a payment and is told to the shop. */
export type ProviderEvent =
  | {
      readonly what: 'paid' | 'declined' | 'failed' | 'cancelled' | 'charge-refunded';
      readonly payment: SimulatedPayment;
    }
  | {
      readonly what: 'refund-created' | 'refunded' | 'refund-failed';
      readonly payment: SimulatedPayment;
      readonly refund: SimulatedRefund;
    }
  | {
      readonly what:
        | 'dispute-created'
        | 'dispute-updated'
        | 'dispute-closed'
        | 'dispute-funds-withdrawn'
        | 'dispute-funds-reinstated';
      readonly payment: SimulatedPayment;
      readonly dispute: SimulatedDispute;
    };
