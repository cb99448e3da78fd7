import * as z from 'zod';
import { DisputeStatus, isHeld, refundedOf, type SimulatedPayment } from './payment';
import type { Till } from './till';

/** What somebody asks of the provider's own dashboard. Amounts are what the provider counts in: yen, cents. */
const Refund = z.strictObject({ amount: z.int().positive().optional() });

const Dispute = z.strictObject({
  amount: z.int().positive().optional(),
  reason: z.string().min(1).max(100).default('fraudulent'),
  /** Opens a dispute, or moves the one that is open. */
  status: DisputeStatus.default('needs_response'),
});

/** Why nothing was done; nothing when it was. */
type Refused = string | undefined;

const refund = (till: Till, payment: SimulatedPayment, given: z.infer<typeof Refund>): Refused => {
  const left = payment.captured - refundedOf(payment);
  const { amount = left } = given;
  if (payment.state !== 'paid') return 'the payment is not paid';
  if (isHeld(payment)) return 'the payment is disputed';
  if (amount === 0 || amount > left) return `only ${left} is left of the payment`;
  till.refundElsewhere(payment, amount);
  return undefined;
};

const closing: readonly DisputeStatus[] = ['won', 'lost', 'warning_closed'];

const dispute = (till: Till, payment: SimulatedPayment, given: z.infer<typeof Dispute>): Refused => {
  const { amount = payment.captured - refundedOf(payment), reason, status } = given;
  const open = payment.disputes.find((one) => !closing.includes(one.status));
  if (payment.provider !== 'stripe') return 'PayPay knows no disputes';
  if (payment.state !== 'paid') return 'the payment is not paid';
  if (open !== undefined) return void till.moveDispute(payment, open, status);
  if (closing.includes(status)) return 'the payment has no open dispute';
  if (amount === 0 || amount > payment.captured) return `only ${payment.captured} was captured`;
  return void till.dispute(payment, { amount, reason, status });
};

const parse = <Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> | string => {
  try {
    const parsed = schema.safeParse(body === '' ? {} : JSON.parse(body));
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch {
    return 'the body must be JSON';
  }
};

/** Refunds or disputes a payment as somebody does at the provider. Returns why not, or undefined when it is done. */
export const atDashboard = (
  till: Till,
  payment: SimulatedPayment,
  verb: 'refund' | 'dispute',
  body: string,
): Refused => {
  if (verb === 'refund') {
    const given = parse(Refund, body);
    return typeof given === 'string' ? given : refund(till, payment, given);
  }
  const given = parse(Dispute, body);
  return typeof given === 'string' ? given : dispute(till, payment, given);
};
