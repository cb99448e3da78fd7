import { tenantKey } from '../../lambda/kernel/tenant';
import type { Payment } from '../../lambda/payment/domain/payment';
import { capturedTotal, captureOf, refundable, refundedTotal } from '../../lambda/payment/domain/payment-sums';
import { mismatchesOf } from '../../lambda/payment/domain/provider-update';
import { checkRaised } from './alert-truth';
import { type Deal, givenBack, lostOf } from './deal';
import { paymentOf } from './payment-effects';
import { broken } from './promises';
import type { World } from './world';

type Row = Record<string, unknown>;

const quarrelsome: readonly string[] = ['refund_failed', 'amount_mismatch'];

/** A person says that these are seen to. */
const forPeople: readonly string[] = ['refunded_elsewhere', 'payment_disputed'];

/** The customer paid when it was too late: nobody's fault, and told. */
const isLate = (type: string, payment: Payment | undefined): boolean =>
  type === 'capture_without_order' && (payment?.cancelRequested ?? false);

/** A refund that failed is told until the money is back. */
const owes = (payment: Payment): boolean =>
  payment.refunds.some(({ status }) => status === 'FAILED') && refundedTotal(payment) < capturedTotal(payment);

const isExcused = (type: string, payment: Payment | undefined): boolean =>
  forPeople.includes(type) ||
  (quarrelsome.includes(type) && payment !== undefined && (mismatchesOf(payment).length > 0 || owes(payment)));

/** Alerts that must still be resolved. */
export const openAlerts = (world: World): string[] =>
  [...world.orderPayments.values()].flatMap((row) => {
    const payment = paymentOfRow(world, row);
    const open = Object.entries(row.alerts as Alerts).filter(
      ([type, { state }]) => state === 'RAISED' && !isExcused(type, payment),
    );
    return open.map(([type, { error }]) => `${row.orderId} has the alert ${type}: ${error}`);
  });

const paymentOfRow = ({ payments }: World, { orderId }: Row): Payment | undefined =>
  payments.get(String(orderId).replace('#', '#PAY-'));

type Alerts = Readonly<Record<string, { readonly state: string; readonly error: string }>>;

/** A refund failed, and nothing that came after it has made that good. */
const hasFailed = (payment: Payment): boolean => {
  const last = payment.refunds.findLastIndex(({ status }) => status === 'FAILED');
  const isMadeGood = payment.refunds.some(({ status }, index) => status === 'COMPLETED' && index > last);
  return last >= 0 && !isMadeGood && refundable(payment) > 0;
};

const isRefundedElsewhere = (payment: Payment | undefined, deals: readonly Deal[]): boolean =>
  payment?.mismatch === undefined &&
  deals.some(({ refunds }) => [...refunds.values()].some(({ refundId }) => refundId === undefined));

/** What was never known here and was given back by a person as a whole nobody need hear of. */
const isHeardOf = (payment: Payment | undefined, deal: Deal): boolean =>
  deal.captured > givenBack(deal) + lostOf(deal) ||
  (payment !== undefined && captureOf(payment, deal.externalPaymentId) !== undefined);

/** What went wrong with the payments of one order, by the alert that must have told of it. */
const wrongWith = (payment: Payment | undefined, all: readonly Deal[]): string[] => {
  const deals = all.filter((deal) => isHeardOf(payment, deal));
  const captured = deals.filter((deal) => deal.captured > 0);
  return [
    ...(captured.length > 1 && captured.some(({ extra }) => extra) ? ['double_payment'] : []),
    ...wrongSums(payment, deals),
  ];
};

const wrongSums = (payment: Payment | undefined, deals: readonly Deal[]): string[] => [
  ...(deals.some(({ captured, amount }) => captured > 0 && captured !== amount) ? ['amount_mismatch'] : []),
  ...(payment !== undefined && hasFailed(payment) ? ['refund_failed'] : []),
  ...(isRefundedElsewhere(payment, deals) ? ['refunded_elsewhere'] : []),
  ...(deals.some(({ disputes }) => disputes.length > 0) ? ['payment_disputed'] : []),
];

const checkFound = (world: World, deals: readonly Deal[]) => {
  const [deal] = deals;
  if (deal === undefined) return;
  const key = tenantKey(deal.tenant, deal.orderId);
  const told = Object.keys(world.orderPayments.get(key)?.alerts ?? {});
  const untold = wrongWith(paymentOf(world, deal), deals).filter((type) => !told.includes(type));
  if (untold.length > 0) broken('P10', `nobody was told of ${untold} of ${key}`);
  const taken = deals.filter(({ captured }) => captured > 0);
  if (taken.length > 0 && taken.every(({ ours }) => ours) && told.includes('capture_without_order'))
    broken('P10', `${key} was told to be paid too late, and nobody but ourselves took its money`);
};

/** What must have been told of orders and their payments, and what must not. */
export const checkPaymentAlerts = (world: World, deals: ReadonlyMap<string, readonly Deal[]>): void => {
  for (const alert of openAlerts(world)) broken('P10', alert);
  checkRaised(world);
  for (const all of deals.values()) checkFound(world, all);
  if (world.faults.fired.size > 0) return;
  for (const row of world.orderPayments.values()) {
    const wrong = Object.keys(row.alerts as Alerts).filter((type) => !isLate(type, paymentOfRow(world, row)));
    if (wrong.length > 0) broken('P10', `${row.orderId} was told to be wrong: ${wrong}`);
  }
};
