import { checkDeadlines } from '../../lambda/alert/payments/check-deadlines';
import { orderAlertEvents } from '../../lambda/alert/payments/payment-alerts';
import type { ReconciledEvent } from '../../lambda/alert/payments/payment-state';
import { orderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import { orderPaymentFromRow } from '../../lambda/alert/payments/payment-state-row';
import { reconcilePayments } from '../../lambda/alert/payments/reconcile-payments';
import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import type { PaymentDescribed } from '../../lambda/contracts/calls/service-calls';
import type { AlertEvent } from '../../lambda/contracts/events/alert-events';
import { hasNewFact } from '../../lambda/kernel/events/stream-relay';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
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
  const dynamodb = memoryDynamoDb({
    onChange: (_table, before, after) => {
      if (after !== undefined && hasNewFact({ ...(before && { before }), after }))
        events.push(...orderAlertEvents(orderPaymentFromRow(after)));
    },
  });
  const raised: string[] = [];
  const deps = {
    states: orderPaymentStore('order-payment-store', dynamodb.db),
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
    ...{ dynamodb, table: dynamodb.table('order-payment-store'), events, raised, asked, unanswered, clock, to, deps },
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
