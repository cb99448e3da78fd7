import { readdirSync, readFileSync } from 'node:fs';
import { AnyEvent } from '../../../../lambda/contracts/events/event';
import { auditRows, auditTrail } from '../../../../scripts/lib/events/audit-trail';
import { orderCancelled, orderPlaced } from '../../../support/order-events';

const entriesOf = (...events: unknown[]) => events.map((event) => AnyEvent.parse(event)).map(auditTrail());

const placed = { ...orderPlaced(), actor: 'guest', network: '203.0.113.0/24' };
const cancelled = { ...orderCancelled(), actor: 'sweep' };

test('S2-39 who did what, from where, when, and what was before and after', () => {
  const [first, second] = entriesOf(placed, cancelled);
  expect(first).toMatchObject({
    time: '2026-11-21T08:00:00.000Z',
    who: 'guest',
    from: '203.0.113.0/24',
    what: 'OrderPlaced',
    of: '/orders ORD-000001',
    tenant: 'default',
    eventId: 'default/ORD-000001:1',
  });
  expect(first?.changes).toContainEqual({ field: 'status', after: 'PENDING' });
  expect(first?.changes).toContainEqual({ field: 'lines.PROD-002.quantity', after: '2' });
  expect(second).toMatchObject({
    who: 'sweep',
    from: '-',
    what: 'OrderCancelled',
    changes: [
      { field: 'status', before: 'PENDING', after: 'CANCELLED' },
      { field: 'reason', after: 'backorder-expired' },
    ],
    hidden: [],
  });
});

test('S2-39 a price before and after, of each product its own', () => {
  const product = (productId: string, version: number, price: number) => ({
    ...orderPlaced(),
    id: `default/${productId}:${version}`,
    source: '/products',
    subject: productId,
    type: 'ProductUpdated.v1',
    actor: 'staff-1',
    data: { productId, version, name: 'マウス', price, currency: 'JPY', categories: ['sport', 'new'] },
  });
  const [, , third] = entriesOf(product('PROD-1', 1, 100), product('PROD-2', 1, 999), product('PROD-1', 2, 120));
  expect(third?.changes).toEqual([{ field: 'price', before: '100', after: '120' }]);
});

test('what nobody did is done by the event that it comes of', () => {
  const { actor: _, ...silent } = { ...cancelled, causationid: 'default/ORD-000001:2' };
  expect(entriesOf(silent, orderPlaced()).map(({ who }) => who)).toEqual(['by default/ORD-000001:2', '-']);
});

describe('P14 personal data is in no audit log', () => {
  const canaries = {
    customerEmail: 'canary@example.com',
    email: 'canary@example.com',
    displayName: 'Canary',
    customerId: 'canary-himself',
    address: { street: 'Canary Street 1', city: 'Canaryville' },
    phoneNumber: '+81-90-0000-0000',
    reason: 'Canary', // one word looks like a code
    error: 'Canary could not be mailed',
    status: 'canary@example.com',
    hash: 'c0ffee'.padEnd(64, '0'),
    lines: [{ productId: 'PROD-1', quantity: 1, name: 'Canary', engraving: 'Canary' }],
    names: ['Canary'],
    name: 'Canary',
  };
  const events = readdirSync('test/contracts/samples').map((file) =>
    JSON.parse(readFileSync(`test/contracts/samples/${file}`, 'utf8')),
  );

  test.each(
    events.filter(({ source }) => !['/products', '/tenants'].includes(source)).map((event) => [event.type, event]),
  )('%s, the first time and when it changes', (_type, event) => {
    const told = entriesOf(event, { ...event, data: { ...event.data, ...canaries } }, event, {
      ...event,
      data: canaries,
    });
    expect(JSON.stringify([told, auditRows(told)])).not.toMatch(/canary|c0ffee|0000-0000/i);
  });

  test.each(events.map((event) => [event.type, event]))('%s, as it is published', (_type, event) => {
    const told = entriesOf(event);
    expect(JSON.stringify([told, auditRows(told)])).not.toMatch(/@|[0-9a-f]{64}/i);
  });

  test('why a customer sends something back is not shown, not even as one word; why the system does something is', () => {
    const returned = events.find(({ type }) => type === 'ReturnRequested.v2');
    const [told] = entriesOf({ ...returned, data: { ...returned.data, reason: 'Tanaka' } });
    expect(JSON.stringify(told)).not.toContain('Tanaka');
    expect(told?.changes).toContainEqual({ field: 'status', after: 'REQUESTED' });
    const failed = events.find(({ type }) => type === 'PaymentFailed.v1');
    const [why] = entriesOf({ ...failed, data: { ...failed.data, reason: 'provider-refused' } });
    expect(why?.changes).toContainEqual({ field: 'reason', after: 'provider-refused' });
  });

  test('but that it changed is told', () => {
    const data = { ...orderPlaced().data, customerEmail: 'other@example.com' };
    const [, second] = entriesOf(placed, { ...cancelled, data });
    expect(second?.hidden).toEqual(['customerEmail']);
  });

  test('a product and a shop have names that are nobody’s', () => {
    const shop = events.find(({ type }) => type === 'TenantCreated.v1');
    expect(entriesOf(shop)[0]?.changes).toContainEqual({ field: 'name', after: shop.data.name });
  });
});

test('as rows of a table', () => {
  const { time, who, from, what, of } = {
    time: '2026-11-24T08:00:00.000Z',
    who: 'sweep',
    from: '-',
    what: 'OrderCancelled',
    of: '/orders ORD-000001',
  };
  const data = { ...orderCancelled().data, customerEmail: 'other@example.com' };
  expect(auditRows(entriesOf(placed, { ...cancelled, data })).at(-1)).toEqual([
    ...[time, who, from, what, of],
    'status PENDING → CANCELLED, reason backorder-expired, customerEmail changed',
  ]);
});
