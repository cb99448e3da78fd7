import { parkedEntries, timelineRows } from '../../scripts/timeline-view';
import { letter } from './letters';

describe('an order’s timeline on the terminal', () => {
  test('has the parked messages of this order of this tenant, and of no other', () => {
    const letters = ['shop-a/ORD-000001:1', 'shop-b/ORD-000001:1', 'shop-a/ORD-0000012:1', undefined].map((eventId) =>
      letter(eventId === undefined ? {} : { eventId }),
    );
    expect(parkedEntries(letters, 'shop-a', 'ORD-000001').map(({ cause }) => cause)).toEqual(['shop-a/ORD-000001:1']);
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
      ['2026-11-21T08:00:00.000Z', 'billing', 'bill opened', '', 'amount 6600, currency JPY'],
      ['2026-11-21T08:00:05.000Z', 'order', 'OrderConfirmed', 'a/ORD-000001:1', 'a/ORD-000001:2'],
    ]);
  });
});
