import { alertRows, readAlertArguments } from '../../../scripts/lib/alerts-view';

const alert = {
  ...({ alertId: 'double_payment.ORD-000001', type: 'double_payment', severity: 'P1', state: 'RAISED' } as const),
  ...{ orderId: 'ORD-000001', error: 'Paid 2 times, 8800 JPY for 4400 JPY', count: 1, history: [], version: 2 },
  firstAt: '2026-11-21T08:00:14.000Z',
  raisedAt: '2026-11-21T08:00:14.000Z',
  updatedAt: '2026-11-21T08:00:14.000Z',
};
const acknowledgement = { by: 'staff-1', at: '2026-11-21T09:00:00.000Z', note: 'refunded by hand' };

describe('the list of alerts on the terminal', () => {
  test('S2-28 has a line for each: what is wrong, how bad it is, since when, and who sees to it', () => {
    const resolved = { ...alert, state: 'RESOLVED', resolvedAt: '2026-11-21T08:05:00.000Z', acknowledgement } as const;
    expect(alertRows([alert, resolved])).toEqual([
      [
        ...['double_payment.ORD-000001', 'P1', 'raised', '2026-11-21T08:00:14.000Z', 1],
        ...['Paid 2 times, 8800 JPY for 4400 JPY', ''],
      ],
      [
        ...['double_payment.ORD-000001', 'P1', 'resolved 2026-11-21T08:05:00.000Z', '2026-11-21T08:00:14.000Z', 1],
        ...['Paid 2 times, 8800 JPY for 4400 JPY', 'staff-1: refunded by hand'],
      ],
    ]);
  });

  test('shows those that are raised, unless it is told otherwise, in upper or lower case', () => {
    expect(readAlertArguments({})).toEqual({ tenant: 'default', query: { state: 'RAISED' } });
    expect(readAlertArguments({ tenant: 'shop-a', state: 'all', severity: 'p1' })).toEqual({
      tenant: 'shop-a',
      query: { severity: 'P1' },
    });
    expect(readAlertArguments({ state: 'resolved', type: 'order_stuck' }).query).toEqual({
      state: 'RESOLVED',
      type: 'order_stuck',
    });
  });

  test('an alert is acknowledged with a note', () => {
    const given = { acknowledge: 'double_payment.ORD-000001', note: 'refunded by hand' };
    expect(readAlertArguments(given).change).toEqual({
      alertId: 'double_payment.ORD-000001',
      how: 'acknowledge',
      note: 'refunded by hand',
    });
  });

  test('F-15 an alert is closed with a note', () => {
    const { change } = readAlertArguments({ close: 'refund_failed.ORD-000001', note: 'paid by bank transfer' });
    expect(change).toEqual({ alertId: 'refund_failed.ORD-000001', how: 'close', note: 'paid by bank transfer' });
  });

  test.each([
    [{ state: 'open' }, '--state "open": one of raised, resolved, all'],
    [{ severity: 'P3' }, '--severity "P3": one of P1, P2'],
    [{ type: 'fire' }, '--type "fire": one of inventory_reservation_failed'],
    [{ tenant: 'Shop A' }, '--tenant "Shop A": no tenant has this name'],
    [{ note: 'why' }, '--note: is for --acknowledge and --close'],
    [{ close: 'double_payment.ORD-000001' }, '--close: needs --note'],
    [{ close: 'ORD-000001', note: 'why' }, '--close "ORD-000001": an alert such as'],
    [{ close: 'a.ORD-000001', acknowledge: 'a.ORD-000001', note: 'why' }, '--acknowledge and --close: say one'],
    [{ acknowledge: 'double_payment.ORD-000001' }, '--acknowledge: needs --note'],
    [{ acknowledge: 'ORD-000001', note: 'why' }, '--acknowledge "ORD-000001": an alert such as'],
    [{ acknowledge: 'double_payment.ORD-000001', note: ' ' }, '--note: must not be blank'],
  ])('refuses %j and says why', (given, why) => {
    expect(() => readAlertArguments(given)).toThrow(why);
  });
});
