import { checkDeadlines } from '../../lambda/alert/payments/check-deadlines';
import { orderAlertEvents } from '../../lambda/alert/payments/payment-alerts';
import type { ReconciledEvent } from '../../lambda/alert/payments/payment-state';
import { orderPaymentFromRow } from '../../lambda/alert/payments/payment-state-row';
import { reconcilePayments } from '../../lambda/alert/payments/reconcile-payments';
import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import type { PaymentDescribed } from '../../lambda/contracts/calls/service-calls';
import type { AlertEvent } from '../../lambda/contracts/events/alert-events';
import { directly } from '../stores/io';
import { memoryOrderPaymentStore, orderPaymentsTable } from '../stores/memory-order-payments';
import { start } from './reconciled-events';

/** Payment reconciliation over a table in memory, at a time that the test sets, with every event that its relay makes. */
export const paymentReconciliation = (
  described: () => OrderDescribed = () => ({}),
  paid: () => PaymentDescribed = () => ({}),
) => {
  const events: AlertEvent[] = [];
  const asked: unknown[] = [];
  const unanswered: unknown[] = [];
  const clock = { now: start };
  const table = orderPaymentsTable((_before, after) => {
    if ((after as { fact?: unknown }).fact !== undefined) events.push(...orderAlertEvents(orderPaymentFromRow(after)));
  });
  const raised: string[] = [];
  const deps = {
    states: memoryOrderPaymentStore(table, directly),
    timeouts: { refundSeconds: 900, stuckSeconds: 900 },
    now: () => new Date(clock.now),
    onRaised: ({ type }: { type: string }) => raised.push(type),
    query: {
      order: async (query: unknown) => {
        asked.push(query);
        return described();
      },
      payment: async (query: unknown) => {
        asked.push(query);
        return paid();
      },
    },
    onUnanswered: (error: unknown) => unanswered.push(error),
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  const reconcile = reconcilePayments(deps);
  const to = (seconds: number) => {
    clock.now = Math.max(clock.now, start + seconds * 1000);
  };
  return {
    ...{ table, events, raised, asked, unanswered, clock, to, deps },
    receive: async (seconds: number, ...received: readonly ReconciledEvent[]) => {
      to(seconds);
      for (const event of received) await reconcile(event);
    },
    sweep: async (seconds: number) => {
      to(seconds);
      return checkDeadlines(deps);
    },
    published: () => events.map(({ type, data }) => `${type.replace('.v1', '')} ${data.type}`),
  };
};
