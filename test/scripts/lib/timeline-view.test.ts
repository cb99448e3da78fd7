import { deadLetterEntries, missingWords, timelineRows } from '../../../scripts/lib/timeline-view';
import { deadLetter } from './dead-letters/dead-letters';

describe('an order’s timeline on the terminal', () => {
  test('has the dead-lettered messages of this order of this tenant, and of no other', () => {
    const own = [
      'shop-a/ORD-000001:1',
      'shop-a/PAY-ORD-000001:3',
      'shop-a/RET-000001-2:1',
      'shop-a/order_stuck.ORD-000001:2',
    ];
    const others = ['shop-b/ORD-000001:1', 'shop-a/ORD-0000012:1', 'shop-b/PAY-ORD-000001:3', 'shop-a/RET-0000012-1:1'];
    const deadLetters = [...own, ...others].map((eventId) => deadLetter({ eventId }));
    const parked = deadLetterEntries([...deadLetters, deadLetter({})], 'shop-a', 'ORD-000001');
    expect(parked.map(({ cause }) => cause)).toEqual(own);
  });

  test('is a table, oldest first, with the event, its cause and the details', () => {
    const rows = timelineRows([
      {
        at: '2026-11-21T08:00:05.000Z',
        source: 'order',
        what: 'OrderConfirmed',
        eventId: 'a/ORD-000001:2',
        cause: 'a/ORD-000001:1',
      },
      {
        at: '2026-11-21T08:00:00.000Z',
        source: 'billing',
        what: 'bill opened',
        details: { amount: 6600, currency: 'JPY' },
      },
    ]);
    expect(rows).toEqual([
      ['2026-11-21T08:00:00.000Z', 'billing', 'bill opened', '', 'amount 6600 JPY'],
      ['2026-11-21T08:00:05.000Z', 'order', 'OrderConfirmed', 'a/ORD-000001:1', 'a/ORD-000001:2'],
    ]);
  });

  test.each([
    [5998, 'JPY', 'amount 5998 JPY'],
    [59.9, 'USD', 'amount 59.90 USD'],
    [1.5, 'KWD', 'amount 1.500 KWD'],
  ])('F-49 shows %f of %s as money', (amount, currency, words) => {
    const entry = { at: '2026-11-21T08:00:00.000Z', source: 'billing', what: 'bill opened' } as const;
    expect(timelineRows([{ ...entry, details: { amount, currency } }])[0]?.at(-1)).toBe(words);
  });

  test('F-49 says what is missing when a service is slow, and to try again', () => {
    expect(missingWords('billing', 'ORD-000001')).toBe(
      'billing did not answer in time: its bill may be missing above. Try again in a moment: npm run timeline -- ORD-000001',
    );
    expect(missingWords('payment', 'ORD-000001')).toContain('its payment and refunds');
  });
});
