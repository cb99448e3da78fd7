import fc from 'fast-check';
import { applyEvent, check } from '../../lambda/alert/payments/payment-alerts';
import type { OrderPayment } from '../../lambda/alert/payments/payment-state';
import { owedForFailedRefunds } from '../../lambda/alert/payments/totals';
import { runs } from '../support/property';
import { volume } from '../support/volume';
import { paymentReconciliation } from './payment-reconciliation';
import { at, orderEvent, type ReconciledEvent, refunded, refundFailed, succeeded } from './reconciled-events';

const sequences = volume(2000);

const sold = [
  orderEvent('OrderAwaitingPayment.v2', { version: 2 }),
  succeeded({ at: 10 }),
  orderEvent('OrderConfirmed.v2', { version: 4, at: 12, paymentStatus: 'PAID' }),
];

type Try = readonly ['failed' | 'done', number, (readonly number[])?];

/** Refunds in the order in which they were tried, as the payment service tells of them. */
const tried = (tries: readonly Try[]): ReconciledEvent[] =>
  tries.map(([how, amount, replaces], index) => {
    const event = (how === 'failed' ? refundFailed : refunded)({
      ...{ amount, version: 10 + index, refundId: `refund-${index + 1}`, at: 20 + index },
    });
    const data = replaces === undefined ? {} : { replaces: replaces.map((number) => `refund-${number}`) };
    return { ...event, data: { ...event.data, ...data } } as ReconciledEvent;
  });

const moment = { now: new Date(at(100)), timeouts: { refundSeconds: 900, stuckSeconds: 900 } };

/** What is known once all of this is received and checked, one after the other. */
const received = (events: readonly ReconciledEvent[]): OrderPayment => {
  let known: OrderPayment | undefined;
  for (const event of events) {
    const next: OrderPayment | undefined = applyEvent(known, event, moment) ?? known;
    known = next && (check(known, next, moment) ?? next);
    known = known && (check(known, known, moment) ?? known);
  }
  if (known === undefined) throw new Error('nothing was received');
  return known;
};

/** What is owed, and whether `refund_failed` is raised. */
const owed = (events: readonly ReconciledEvent[]) => {
  const known = received(events);
  return [owedForFailedRefunds(known).amount, known.alerts.refund_failed?.state === 'RAISED'];
};

describe('F-05 what is owed of refunds that failed', () => {
  test.each<readonly [string, readonly Try[], number]>([
    [
      'two of 100 failed, one of 100 was done',
      [
        ['failed', 100],
        ['failed', 100],
        ['done', 100],
      ],
      100,
    ],
    [
      '100 failed, then 60 and 40 were done',
      [
        ['failed', 100],
        ['done', 60],
        ['done', 40],
      ],
      0,
    ],
    [
      '100 failed, then 60 was done',
      [
        ['failed', 100],
        ['done', 60],
      ],
      40,
    ],
    [
      '100 was done before 100 failed',
      [
        ['done', 100],
        ['failed', 100],
      ],
      100,
    ],
    [
      '60 was done, 100 failed, 40 was done',
      [
        ['done', 60],
        ['failed', 100],
        ['done', 40],
      ],
      60,
    ],
    [
      '100 and 50 failed, then 150 was done',
      [
        ['failed', 100],
        ['failed', 50],
        ['done', 150],
      ],
      0,
    ],
    [
      '100 failed, 300 was done, 100 failed',
      [
        ['failed', 100],
        ['done', 300],
        ['failed', 100],
      ],
      100,
    ],
    [
      '100 failed, and so did its retry',
      [
        ['failed', 100],
        ['failed', 100, [1]],
      ],
      100,
    ],
    [
      '100 failed, its retry too, the next was done',
      [
        ['failed', 100],
        ['failed', 100, [1]],
        ['done', 100, [2]],
      ],
      0,
    ],
    [
      '100 and 50 failed, the retry of the first was done',
      [
        ['failed', 100],
        ['failed', 50],
        ['done', 100, [1]],
      ],
      50,
    ],
    [
      'more failed than is left',
      [
        ['done', 4300],
        ['failed', 100],
        ['failed', 100],
      ],
      100,
    ],
    [
      'all is back after all',
      [
        ['failed', 4400],
        ['done', 4400],
      ],
      0,
    ],
  ])('F-05 %s', (_what, tries, amount) => {
    expect(owed([...sold, ...tried(tries)])).toEqual([amount, amount > 0]);
  });

  const tries: fc.Arbitrary<Try[]> = fc.array(
    fc.tuple(fc.constantFrom('failed', 'done'), fc.integer({ min: 1, max: 5 })),
    { minLength: 1, maxLength: 6 },
  );

  /** Each coin that failed is owed until a coin that was paid back after it takes its place. */
  const coinsOwed = (tries: readonly Try[]): number => {
    const coins = tries.flatMap(([how, amount]) => Array.from({ length: amount }, () => how));
    let open = 0;
    for (const how of coins) {
      if (how === 'failed') open += 1;
      else if (open > 0) open -= 1;
    }
    return open;
  };

  /** The events with some of them twice, in any order. */
  const deliveries = (events: readonly ReconciledEvent[]): fc.Arbitrary<ReconciledEvent[]> =>
    fc
      .subarray([...events])
      .chain((twice) => fc.shuffledSubarray([...events, ...twice], { minLength: events.length + twice.length }));

  test(`F-05 P12 ${sequences} random sequences are owed what the coins say, in any order of delivery, delivered twice or not`, () => {
    const history = tries.chain((made) => fc.tuple(fc.constant(made), deliveries([...sold, ...tried(made)])));
    const property = fc.property(history, ([made, events]) => {
      const coins = coinsOwed(made);
      expect(owed(events)).toEqual([coins, coins > 0]);
    });
    fc.assert(property, runs(sequences));
  });
});

describe('F-05 money that is missing is reported by one alert', () => {
  const cancelled = orderEvent('OrderCancelled.v2', { version: 5, at: 20, paymentStatus: 'PAID' });

  test('F-05 what failed by refund_failed, and what never came back by refund_missing', async () => {
    const { receive: receiveAll, sweep, events } = paymentReconciliation();
    await receiveAll(30, ...sold, cancelled, ...tried([['failed', 400]]));
    await sweep(1000);
    expect(events.map(({ data }) => ('error' in data ? data.error : ''))).toEqual([
      '400 JPY could not be refunded',
      '4000 JPY of a cancelled or returned order is not refunded',
    ]);
  });
});
