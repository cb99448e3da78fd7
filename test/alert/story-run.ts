import { checkDeadlines } from '../../lambda/alert/payments/check-deadlines';
import type { ReconciledEvent } from '../../lambda/alert/payments/payment-state';
import { reconcilePayments } from '../../lambda/alert/payments/reconcile-payments';
import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import type { PaymentDescribed } from '../../lambda/contracts/calls/service-calls';
import type { AlertEvent } from '../../lambda/contracts/events/alert-events';
import { type Random, seededRandom } from '../simulation/random';
import { paymentReconciliation } from './payment-reconciliation';
import type { Story } from './payment-stories';
import { start } from './reconciled-events';

/** How late a message of a queue that works may be, in seconds. */
const lateness = 15;

type Delivery = { readonly at: number; readonly event: ReconciledEvent };

const startsDeadline = ({ type }: ReconciledEvent) => type === 'OrderConfirmed.v2' || type === 'PaymentSucceeded.v1';

/** Each event comes late, some twice or three times, in any order; what starts a deadline comes once more by the delay queue, unless it is lost. */
const deliveriesOf = (story: Story, random: Random): Delivery[] => {
  const isBacklog = story.closes !== true && random.chance(0.1); // what is over before it is received is not published
  const backlogUntil = isBacklog ? 300 + random.below(600) : 0;
  const arrives = (at: number) => Math.max(at, backlogUntil) + random.unit() * lateness;
  return story.beats
    .flatMap(({ at, event }) => [
      { at: arrives(at), event },
      ...(random.chance(0.3) ? [{ at: arrives(at), event }] : []),
      ...(random.chance(0.1) ? [{ at: arrives(at + random.below(2000)), event }] : []),
      ...(startsDeadline(event) && random.chance(0.8) ? [{ at: arrives(at + 30), event }] : []),
    ])
    .sort((one, other) => one.at - other.at);
};

const stock = { CANCELLED: 'RELEASED', SHIPPED: 'DEDUCTED', DELIVERED: 'DEDUCTED', RETURNED: 'DEDUCTED' } as const;

const line = { productId: 'PRD-001', name: 'Mouse', quantity: 1, unitPrice: 1, lineTotal: 1, taxRateBps: 0 };

/** What the order service would say at a time: the newest of what has happened by then. */
const truthAt = ({ beats }: Story, seconds: number): OrderDescribed => {
  const known = beats.filter(({ at, event }) => at <= seconds && !('paymentId' in event.data));
  const last = known.at(-1)?.event;
  if (last === undefined || !('status' in last.data)) return {};
  const { status, total, currency, paymentStatus = 'NOT_REQUIRED' } = last.data;
  const version = known.length;
  const stockStatus = status in stock ? stock[status as keyof typeof stock] : ('RESERVED' as const);
  const order = { version, status, total, currency, paymentStatus, stockStatus };
  return { order: { ...order, trackingTokenHash: 'hash', lines: [line] } };
};

const versionOf = ({ id }: ReconciledEvent) => Number(id.slice(id.lastIndexOf(':') + 1));

/** What the payment service would say at a time: all that has happened to the payment by then. */
const paymentAt = ({ beats }: Story, seconds: number): PaymentDescribed => {
  const events = beats.flatMap(({ at, event }) => (at <= seconds && 'paymentId' in event.data ? [event] : []));
  const [first] = events;
  if (first === undefined || !('paymentId' in first.data)) return {};
  const { paymentId, amount, currency, provider } = first.data;
  const captures = events.flatMap((event) => {
    if (event.type !== 'PaymentSucceeded.v1') return [];
    const { externalPaymentId, capturedAmount, late } = event.data;
    return [{ externalPaymentId, amount: capturedAmount, late }];
  });
  const refunds = events.flatMap((event) => (event.type === 'PaymentRefunded.v1' ? [event.data] : []));
  const unasked = events.flatMap((event) => (event.type === 'PaymentMismatchFound.v1' ? [event.data] : []));
  return {
    payment: {
      ...{ paymentId, amount, currency, provider, history: [] },
      version: Math.max(...events.map(versionOf)),
      captures: [...new Map(captures.map((capture) => [capture.externalPaymentId, capture])).values()],
      refundedTotal: refunds.reduce((sum, { refundAmount }) => sum + refundAmount, 0),
      mismatches: unasked.map(({ externalPaymentId }) => externalPaymentId),
    },
  };
};

export type Outcome = {
  readonly events: readonly AlertEvent[];
  readonly open: readonly string[];
  readonly due: boolean;
};

/** Watches one story from its first event until long after its last, with its deliveries and its sweeps, by a virtual clock. */
export const runStory = async (write: (random: Random) => Story, seed: number): Promise<Outcome> => {
  const random = seededRandom(seed);
  const story = write(random);
  const deliveries = deliveriesOf(story, random);
  const seconds = () => (watch.clock.now - start) / 1000;
  const watch = paymentReconciliation(
    () => truthAt(story, seconds()),
    () => paymentAt(story, seconds()),
  );
  const receive = reconcilePayments(watch.deps);
  const deliverUntil = async (seconds: number) => {
    while ((deliveries[0]?.at ?? Number.POSITIVE_INFINITY) <= seconds) {
      const [next] = deliveries.splice(0, 1);
      if (next === undefined) return;
      watch.to(next.at);
      await receive(next.event);
    }
    watch.to(seconds);
  };
  const deps = { ...watch.deps, sleep: (ms: number) => deliverUntil((watch.clock.now + ms - start) / 1000) };
  const end = Math.max((deliveries.at(-1)?.at ?? 0) + 120, story.until ?? 0);
  for (let minute = 60; minute <= end + 60; minute += 60) {
    await deliverUntil(minute);
    const rows = watch.table.all();
    const horizon = new Date(start + (minute + 60) * 1000).toISOString();
    if (rows.some(({ dueAt = '~' }) => String(dueAt) <= horizon)) await checkDeadlines(deps);
  }
  const alerts = watch.table.all().flatMap(({ alerts }) => Object.entries(alerts as object));
  const open = alerts.flatMap(([type, { state }]) => (state === 'RAISED' ? [type] : []));
  return { events: watch.events, open, due: watch.table.all().some(({ dueAt }) => dueAt !== undefined) };
};
