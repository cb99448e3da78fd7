import type { ReturnStatus } from '../../lambda/contracts/values/return-status';
import { type NextStatus, updateReturn } from '../../lambda/return/return';
import { deliveredMice, mice, requestedMice } from '../support/returns';

const at = new Date('2026-12-08T08:00:00.000Z');
const claimed = deliveredMice({ returns: 1, version: 2, lines: [mice({ claimed: 2 })] });

const settle = (from: ReturnStatus, status: NextStatus, order = claimed) =>
  updateReturn(requestedMice({ status: from, version: 2 }), order, { status, at });

describe('what staff makes of a return', () => {
  test.each<[ReturnStatus, NextStatus, boolean]>([
    ['REQUESTED', 'APPROVED', true],
    ['REQUESTED', 'REJECTED', true],
    ['REQUESTED', 'COMPLETED', false],
    ['APPROVED', 'APPROVED', false],
    ['APPROVED', 'REJECTED', true],
    ['APPROVED', 'COMPLETED', true],
    ['REJECTED', 'APPROVED', false],
    ['REJECTED', 'REJECTED', false],
    ['REJECTED', 'COMPLETED', false],
    ['COMPLETED', 'APPROVED', false],
    ['COMPLETED', 'REJECTED', false],
    ['COMPLETED', 'COMPLETED', false],
  ])('S3-27 %s → %s is allowed: %p', (from, to, allowed) => {
    expect(settle(from, to).accepted).toBe(allowed);
  });

  test('approved: nothing of the order changes', () => {
    const settled = settle('REQUESTED', 'APPROVED');
    expect(settled.accepted && settled.fact.next).toMatchObject({
      status: 'APPROVED',
      version: 3,
      updatedAt: '2026-12-08T08:00:00.000Z',
      fact: { type: 'ReturnApproved', previousStatus: 'REQUESTED' },
    });
    expect(settled.accepted && settled.fact.order).toBeUndefined();
  });

  test.each<[ReturnStatus]>([['REQUESTED'], ['APPROVED']])(
    'rejected after %s: its pieces may go back again',
    (from) => {
      expect(settle(from, 'REJECTED')).toMatchObject({
        fact: {
          next: { status: 'REJECTED', fact: { type: 'ReturnRejected', previousStatus: from } },
          order: { version: 3, lines: [{ claimed: 0, returned: 0 }] },
        },
      });
    },
  );

  test('S3-24 completed: the goods are back at that time, and so is the whole order', () => {
    expect(settle('APPROVED', 'COMPLETED')).toMatchObject({
      fact: {
        next: {
          status: 'COMPLETED',
          returnedAt: '2026-12-08T08:00:00.000Z',
          fact: { type: 'ReturnCompleted', previousStatus: 'APPROVED', orderFullyReturned: true },
        },
        order: { version: 3, lines: [{ claimed: 2, returned: 2 }] },
      },
    });
  });

  test.each([
    ['another product is not', [mice({ claimed: 2 }), mice({ productId: 'PROD-001' })]],
    ['another piece is not', [mice({ quantity: 3, claimed: 3 })]],
  ])('completed while %s back: the order is not fully returned', (_what, lines) => {
    expect(settle('APPROVED', 'COMPLETED', deliveredMice({ lines }))).toMatchObject({
      fact: { next: { fact: { orderFullyReturned: false } } },
    });
  });

  test('the last of several returns makes the order fully returned', () => {
    const rest = deliveredMice({ lines: [mice({ quantity: 5, claimed: 5, returned: 3 })] });
    expect(settle('APPROVED', 'COMPLETED', rest)).toMatchObject({
      fact: { next: { fact: { orderFullyReturned: true } } },
    });
  });
});
