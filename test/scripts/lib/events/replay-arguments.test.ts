import { UsageError } from '../../../../scripts/lib/command';
import { auditOf } from '../../../../scripts/lib/events/audit-trail';
import { needsAgreement, nothingSent, replayOf, type Values } from '../../../../scripts/lib/events/replay-arguments';

const now = new Date('2026-11-21T09:30:00.000Z');
const today = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T09:30:00.000Z' };

test.each<[string, Values, unknown]>([
  ['an order of the default tenant', { order: 'ORD-000001' }, { wanted: { tenant: 'default', about: 'ORD-000001' } }],
  [
    'an order of a tenant, to one consumer',
    { order: 'ORD-000001', tenant: 'shop-a', consumer: 'billing' },
    { wanted: { tenant: 'shop-a', about: 'ORD-000001' }, consumer: 'billing' },
  ],
  ['a day until now, of all tenants', { from: '2026-11-21' }, { wanted: { period: today } }],
  [
    'whole days',
    { from: '2026-11-19', to: '2026-11-20', type: 'OrderPlaced.v2' },
    {
      wanted: { type: 'OrderPlaced.v2', period: { from: '2026-11-19T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' } },
    },
  ],
  [
    'from minute to minute',
    { from: '2026-11-20T08:00Z', to: '2026-11-20T08:05:30Z', tenant: 'shop-a' },
    { wanted: { tenant: 'shop-a', period: { from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T08:05:30.000Z' } } },
  ],
])('S2-39 a replay of %s', (_what, values, expected) => expect(replayOf(values, now)).toEqual(expected));

test.each<[string, Values, string]>([
  ['nothing', {}, 'say which events: --order, or --from and perhaps --to. See --help.'],
  ['a consumer alone', { consumer: 'billing' }, 'say which events: --order, or --from and perhaps --to. See --help.'],
  ['no order', { order: '1' }, '--order "1": an order such as ORD-000001. See --help.'],
  ['no tenant', { order: 'ORD-000001', tenant: 'Shop A' }, '--tenant "Shop A": no tenant has this name. See --help.'],
  [
    'no type',
    { from: '2026-11-21', type: 'orders' },
    '--type "orders": an event type such as OrderPlaced.v2. See --help.',
  ],
  ['an end alone', { order: 'ORD-000001', to: '2026-11-21' }, '--to: needs --from. See --help.'],
  [
    'an end before its beginning',
    { from: '2026-11-20', to: '2026-11-19' },
    '--to 2026-11-19: must be later than --from. See --help.',
  ],
  ['the future', { from: '2026-11-22' }, '--from 2026-11-22: lies in the future. See --help.'],
  [
    'a day that there is not',
    { from: '2026-02-30' },
    '--from "2026-02-30": a day such as 2026-11-21 or a time such as 2026-11-21T08:00:00Z, in UTC. See --help.',
  ],
  [
    'a time of a day that there is not',
    { from: '2026-02-30T08:00:00Z' },
    '--from "2026-02-30T08:00:00Z": a day such as 2026-11-21 or a time such as 2026-11-21T08:00:00Z, in UTC. See --help.',
  ],
  [
    'a time of nobody’s zone',
    { from: '2026-11-20T08:00' },
    '--from "2026-11-20T08:00": a day such as 2026-11-21 or a time such as 2026-11-21T08:00:00Z, in UTC. See --help.',
  ],
])('a replay of %s is refused, with the rule that it breaks', (_what, values, message) => {
  expect(() => replayOf(values, now)).toThrow(new UsageError(message));
});

test.each<[string, Values, boolean]>([
  ['an order to everybody', { order: 'ORD-000001' }, false],
  ['a day to everybody', { from: '2026-11-20', to: '2026-11-20' }, false],
  ['two days to everybody', { from: '2026-11-19', to: '2026-11-20' }, true],
  ['a month to one consumer', { from: '2026-10-20', consumer: 'billing' }, false],
])('%s needs a person who agrees: %#', (_what, values, needed) => {
  expect(needsAgreement(replayOf(values, now))).toBe(needed);
});

test.each<[Values, string]>([
  [
    { from: '2026-11-21', consumer: 'sales', type: 'OrderPlaced.v2' },
    'sales takes none of these 45 events (OrderPlaced.v2): nothing was sent',
  ],
  [{ from: '2026-11-21', consumer: 'sales' }, 'sales takes none of these 45 events: nothing was sent'],
  [{ from: '2026-11-21' }, 'no consumer takes any of these 45 events: nothing was sent'],
])('F-15 a replay of %j that reaches nobody says so in one sentence', (values, sentence) =>
  expect(nothingSent(replayOf(values, now), 45)).toBe(sentence),
);

test('S2-39 who looks for what somebody did sees the last week of all tenants', () => {
  expect(auditOf({ actor: 'staff-1' }, now)).toEqual({
    wanted: { period: { from: '2026-11-14T09:30:00.000Z', to: '2026-11-21T09:30:00.000Z' } },
    actor: 'staff-1',
  });
});

test.each([
  [{ order: 'ORD-000001' }, { tenant: 'default', about: 'ORD-000001' }],
  [
    { product: 'PROD-001', tenant: 'shop-a' },
    { tenant: 'shop-a', about: 'PROD-001' },
  ],
])('S2-39 the audit log of %j', (values, wanted) => expect(auditOf(values, now)).toEqual({ wanted }));

test.each<[Parameters<typeof auditOf>[0], string]>([
  [{}, 'say exactly one of --order, --product and --actor. See --help.'],
  [{ order: 'ORD-000001', actor: 'staff-1' }, 'say exactly one of --order, --product and --actor. See --help.'],
  [{ product: 'a b' }, '--product "a b": a product such as PROD-001. See --help.'],
  [{ actor: 'a\u0007' }, "--actor: a user's ID, guest, or what acts by itself. See --help."],
])('an audit log of %j is refused', (values, message) => {
  expect(() => auditOf(values, now)).toThrow(new UsageError(message));
});
