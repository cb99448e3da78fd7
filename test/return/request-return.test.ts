import type { RequestReturnRequest } from '../../lambda/contracts/api/return-api';
import { unsealed } from '../../lambda/contracts/values/sealed';
import { requestReturn } from '../../lambda/return/request-return';
import type { DeliveredOrder } from '../../lambda/return/return';
import { deliveredMice, mice } from '../support/returns';

const ask = (order: DeliveredOrder, items: RequestReturnRequest['items'], now = '2026-12-02T08:00:00.000Z') =>
  requestReturn(
    order,
    { items },
    { reason: unsealed('ボタンが反応しません'), now: new Date(now), windowDays: 30, correlationId: 'correlation-2' },
  );

const oneMouse = [{ productId: 'PROD-002', quantity: 1 }];

describe('asking to give goods back', () => {
  test('S3-24, S3-25, S3-27 is a return with its order, customer, time, reason and items, requested at first', () => {
    const decided = ask(deliveredMice(), oneMouse);
    expect(decided.accepted && decided.fact.requested).toMatchObject({
      returnId: 'RET-000001-1',
      orderId: 'ORD-000001',
      userId: 'customer-1',
      status: 'REQUESTED',
      reason: unsealed('ボタンが反応しません'),
      requestedAt: '2026-12-02T08:00:00.000Z',
      version: 1,
      fact: { type: 'ReturnRequested' },
    });
  });

  test('S3-23, S3-25 its items keep name and price at purchase, for the pieces that go back', () => {
    const decided = ask(deliveredMice(), oneMouse);
    expect(decided.accepted && decided.fact.requested.lines).toEqual([
      {
        productId: 'PROD-002',
        name: 'ワイヤレスマウス',
        quantity: 1,
        unitPrice: 3000,
        lineTotal: 3000,
        taxRateBps: 1000,
      },
    ]);
  });

  test('S3-22 takes them from what the order may still return', () => {
    const decided = ask(deliveredMice({ returns: 4, version: 7, lines: [mice({ claimed: 1 })] }), oneMouse);
    expect(decided.accepted && decided.fact.order).toMatchObject({
      version: 8,
      returns: 5,
      lines: [{ quantity: 2, claimed: 2, returned: 0 }],
    });
    expect(decided.accepted && decided.fact.requested.returnId).toBe('RET-000001-5');
  });

  test('more than was delivered is refused, and how much may go back is told', () => {
    expect(ask(deliveredMice(), [{ productId: 'PROD-002', quantity: 3 }])).toEqual({
      accepted: false,
      reason: {
        refusal: 'more-than-left',
        errors: [{ pointer: '/items/0/quantity', detail: 'must be at most 2, which is what may still be returned' }],
      },
    });
  });

  test('what is in another return is refused', () => {
    const decided = ask(deliveredMice({ lines: [mice({ claimed: 2 })] }), oneMouse);
    expect(decided).toMatchObject({ accepted: false, reason: { refusal: 'more-than-left' } });
  });

  test('every product that is not part of the order is named', () => {
    const items = [...oneMouse, { productId: 'PROD-001', quantity: 1 }, { productId: 'PROD-003', quantity: 1 }];
    expect(ask(deliveredMice(), items)).toEqual({
      accepted: false,
      reason: {
        refusal: 'not-in-order',
        errors: [
          { pointer: '/items/1/productId', detail: 'Product PROD-001 is not part of the order' },
          { pointer: '/items/2/productId', detail: 'Product PROD-003 is not part of the order' },
        ],
      },
    });
  });

  test.each([
    ['2026-12-22T10:00:00.000Z', true],
    ['2026-12-22T10:00:00.001Z', false],
  ])('at %s, thirty days after the delivery, is in time: %p', (now, inTime) => {
    expect(ask(deliveredMice(), oneMouse, now).accepted).toBe(inTime);
  });

  test('too late has its own reason', () => {
    const decided = ask(deliveredMice(), oneMouse, '2027-01-22T10:00:00.000Z');
    expect(decided).toEqual({ accepted: false, reason: { refusal: 'window-closed' } });
  });
});
