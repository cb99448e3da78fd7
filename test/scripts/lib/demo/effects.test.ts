import { completedAfter, type Effects } from '../../../../scripts/lib/demo/effects';

const start = new Date('2026-11-30T09:00:00.000Z');
const at = (milliseconds: number) => new Date(start.getTime() + milliseconds).toISOString();

const effects = (reserved: number, mailed: number, billed: number): Required<Omit<Effects, 'order'>> => ({
  reservation: { state: 'RESERVED', lines: [], updatedAt: at(reserved) },
  notification: { status: 'sent', channel: 'email', kind: 'k', recipient: 'r', sentAt: at(mailed), messageId: 'm' },
  bill: { status: 'pending', currency: 'JPY', items: [], subtotal: 0, tax: 0, amount: 0, createdAt: at(billed) },
});

test('S0-39 five orders complete with the last effect of the last one, whichever service it is of', () => {
  expect(completedAfter([effects(100, 200, 150), effects(90, 80, 70)], start)).toBe(200);
  expect(completedAfter([effects(100, 200, 150), effects(990, 80, 70)], start)).toBe(990);
  expect(completedAfter([effects(100, 200, 1501), effects(990, 80, 70)], start)).toBe(1501);
});

test.each([
  ['a bill', { bill: undefined }],
  ['a mail', { notification: undefined }],
  ['a reservation', { reservation: undefined }],
  ['stock that is there', { reservation: { state: 'BACKORDERED', lines: [], updatedAt: at(1) } }],
  ['a mail that was sent', { notification: { ...effects(1, 1, 1).notification, status: 'failed' } }],
])('S0-39 orders of which one is without %s have not completed', (_what, missing) => {
  expect(completedAfter([effects(1, 1, 1), { ...effects(1, 1, 1), ...missing } as Effects], start)).toBe(
    Number.POSITIVE_INFINITY,
  );
});

test('S0-39 no order at all has not completed either', () => {
  expect(completedAfter([], start)).toBe(Number.POSITIVE_INFINITY);
});
