import type { InventoryEvent } from '../../lambda/contracts/events/inventory-events';
import type { Order } from '../../lambda/order/domain/order';
import { orderEvent } from '../../lambda/order/domain/order-event';
import { decide, decideDue } from '../../lambda/order/domain/order-process';
import { placedOrder as order } from '../support/orders';

const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };
const now = new Date('2026-11-21T08:00:30.000Z');

const heard = (type: InventoryEvent['type'], version = 1): InventoryEvent =>
  ({ type, id: `default/ORD-000001:${version}`, data: { orderId: 'ORD-000001' } }) as InventoryEvent;

const having = (from: Order, ...types: InventoryEvent['type'][]): Order =>
  types.reduce((current, type) => decide(current, heard(type), now, timeouts) ?? current, from);

describe('the order process', () => {
  test('confirms an order once its stock is reserved, and waits for nothing more', () => {
    const next = decide(order(), heard('StockReserved.v1'), now, timeouts);
    expect(next).toMatchObject({ status: 'CONFIRMED', stockStatus: 'RESERVED', version: 2 });
    expect(next?.dueAt).toBeUndefined();
    expect(next?.updatedAt).toBe('2026-11-21T08:00:30.000Z');
    expect(next?.history.at(-1)).toMatchObject({
      at: '2026-11-21T08:00:30.000Z',
      event: 'OrderConfirmed',
      status: 'CONFIRMED',
      stockStatus: 'RESERVED',
      cause: 'default/ORD-000001:1',
    });
  });

  test('backorders an order that is short of stock, until the deadline', () => {
    const next = decide(order(), heard('StockShort.v1'), now, timeouts);
    expect(next).toMatchObject({ status: 'PENDING', stockStatus: 'BACKORDERED', dueAt: '2026-11-21T09:00:30.000Z' });
    expect(next?.fact).toMatchObject({
      type: 'OrderBackordered',
      previousStatus: 'PENDING',
      deadline: '2026-11-21T09:00:30.000Z',
    });
  });

  test.each([
    ['CANCELLED', 'StockReleased.v1', 'RELEASED', 'StockReleased'],
    ['SHIPPED', 'StockDeducted.v1', 'DEDUCTED', 'StockDeducted'],
  ] as const)('records once of a %s order that %s', (status, event, stockStatus, fact) => {
    const recorded = having(order({ status, stockStatus: 'RESERVED' }), event);
    expect(recorded).toMatchObject({ stockStatus, version: 2, fact: { type: fact } });
    expect(having(recorded, event).version).toBe(2);
  });

  test('confirms a backordered order after a restock', () => {
    expect(having(order(), 'StockShort.v1', 'StockReserved.v1')).toMatchObject({ status: 'CONFIRMED', version: 3 });
  });

  test.each([
    ['a second reservation', ['StockReserved.v1', 'StockReserved.v1'], 2],
    ['a shortage that comes after the reservation', ['StockReserved.v1', 'StockShort.v1'], 2],
    ['a second shortage', ['StockShort.v1', 'StockShort.v1'], 2],
    ['a release that nobody asked for', ['StockReleased.v1'], 1],
  ] as const)('ignores %s', (_what, events, version) => {
    expect(having(order(), ...events).version).toBe(version);
  });

  test('ends in the same state whatever the order of the events (P12)', () => {
    expect(having(order(), 'StockReserved.v1', 'StockShort.v1').status).toBe('CONFIRMED');
    expect(having(order(), 'StockShort.v1', 'StockReserved.v1').status).toBe('CONFIRMED');
  });

  test('a cancelled order stays due until the inventory has given its stock back', () => {
    const asked = { ...having(order(), 'StockShort.v1'), dueAttempts: 1 };
    const due = decideDue(asked, new Date('2026-11-21T09:00:30.000Z'), timeouts);
    const cancelled = due && 'next' in due ? due.next : order();
    expect(cancelled).toMatchObject({ status: 'CANCELLED', dueAt: '2026-11-21T09:01:30.000Z' });
    expect(decide(cancelled, heard('StockReserved.v1'), now, timeouts)).toBeUndefined();
    const released = decide(cancelled, heard('StockReleased.v1'), now, timeouts);
    expect(released).toMatchObject({ status: 'CANCELLED', stockStatus: 'RELEASED' });
    expect(released?.dueAt).toBeUndefined();
  });
});

describe('the sweep decides', () => {
  const at = (time: string) => new Date(`2026-11-21T${time}.000Z`);

  test('to cancel an unpaid order a minute after its payment deadline, and to look then and not later', () => {
    const unpaid = { paymentStatus: 'WAITING_PAYMENT', paymentDeadline: '2026-11-21T09:00:00.000Z' } as const;
    const asked = order({ ...unpaid, stockStatus: 'RESERVED', dueAt: '2026-11-21T08:55:00.000Z', dueAttempts: 4 });
    expect(decideDue(asked, at('08:55:00'), timeouts)).toEqual({ republish: { dueAt: '2026-11-21T09:01:00.000Z' } });
    expect(decideDue(asked, at('09:00:59'), timeouts)).toHaveProperty('republish');
    expect(decideDue(asked, at('09:01:00'), timeouts)).toMatchObject({ next: { cancelReason: 'payment-expired' } });
  });

  test('to leave alone what is not due', () => {
    expect(decideDue(order(), at('08:00:59'), timeouts)).toBeUndefined();
    expect(decideDue(having(order(), 'StockReserved.v1'), at('23:00:00'), timeouts)).toBeUndefined();
  });

  test('to publish again what the inventory has not answered', () => {
    expect(decideDue(order(), at('08:01:00'), timeouts)).toEqual({
      republish: { dueAt: '2026-11-21T08:02:00.000Z' },
    });
  });

  test('to ask once more for the stock of a backordered order at its deadline, and not to cancel it before', () => {
    const backordered = having(order(), 'StockShort.v1');
    expect(decideDue(backordered, at('09:00:30'), timeouts)).toEqual({
      republish: { dueAt: '2026-11-21T09:01:30.000Z' },
    });
  });

  test('to cancel a backordered order at its deadline and not before', () => {
    const backordered = { ...having(order(), 'StockShort.v1'), dueAttempts: 1 };
    expect(decideDue(backordered, at('09:00:29'), timeouts)).toBeUndefined();
    expect(decideDue(backordered, at('09:00:30'), timeouts)).toMatchObject({
      next: { status: 'CANCELLED', fact: { type: 'OrderCancelled', reason: 'backorder-expired' } },
    });
  });
});

describe('the event of an order', () => {
  test('is the same for the same version, and its ID names tenant, order and version', () => {
    expect(orderEvent(order())).toEqual(orderEvent(order()));
    expect(orderEvent(order())?.id).toBe('default/ORD-000001:1');
    expect(orderEvent(having(order(), 'StockReserved.v1'))?.id).toBe('default/ORD-000001:2');
  });

  test('S1-18 reports that the order is confirmed, with cause, correlation and trace', () => {
    const event = orderEvent(having(order(), 'StockReserved.v1'));
    expect(event).toMatchObject({
      type: 'OrderConfirmed.v2',
      correlationid: 'correlation-1',
      causationid: 'default/ORD-000001:1',
      traceparent: '00-aa-bb-01',
      data: { previousStatus: 'PENDING', status: 'CONFIRMED' },
    });
  });

  test('does not exist for a fact that others know already', () => {
    expect(orderEvent(order({ fact: { type: 'StockReleased' } }))).toBeUndefined();
  });
});
