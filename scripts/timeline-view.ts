import type { TimelineEntry } from '../lambda/contracts/order-api';
import type { DeadLetter } from './dead-letter';

/** What is parked about one order: messages whose event is one of its own, of its reservation or of its payment. */
export const parkedEntries = (letters: readonly DeadLetter[], tenant: string, orderId: string): TimelineEntry[] =>
  letters.flatMap(({ eventId, eventType, failedAt, consumer, errorName, errorMessage, messageId }) =>
    [orderId, `PAY-${orderId}`].some((subject) => eventId?.startsWith(`${tenant}/${subject}:`))
      ? [
          {
            at: failedAt,
            source: 'dead-letter-queue' as const,
            what: `${eventType} parked by ${consumer}`,
            cause: eventId,
            details: { error: `${errorName}: ${errorMessage}`, messageId },
          },
        ]
      : [],
  );

const detailsOf = ({ eventId, details = {} }: TimelineEntry): string =>
  [
    ...(eventId === undefined ? [] : [eventId]),
    ...Object.entries(details).map(([name, value]) => `${name} ${value}`),
  ].join(', ');

/** A table's rows, oldest first. */
export const timelineRows = (entries: readonly TimelineEntry[]): string[][] =>
  [...entries]
    .sort((one, other) => one.at.localeCompare(other.at))
    .map((entry) => [entry.at, entry.source, entry.what, entry.cause ?? '', detailsOf(entry)]);
