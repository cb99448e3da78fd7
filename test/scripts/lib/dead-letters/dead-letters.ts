import type { DeadLetter } from '../../../../scripts/lib/dead-letters/dead-letter';

/** A parked message of the inventory consumer, unless `given` says otherwise. */
export const deadLetter = (given: Partial<DeadLetter> = {}): DeadLetter => ({
  messageId: 'm-1',
  body: '{}',
  attributes: {},
  eventType: 'OrderPlaced.v2',
  consumer: 'inventory',
  errorName: 'InsufficientStockError',
  errorMessage: 'short',
  failedAt: '2026-01-01T00:00:00.000Z',
  ...given,
});
