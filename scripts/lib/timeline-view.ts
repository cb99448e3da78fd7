import type { TimelineEntry } from '../../lambda/contracts/api/order-api';
import { minorDigits } from '../../lambda/contracts/values/money';
import type { DeadLetter } from './dead-letters/dead-letter';

/** Whether an event is about an order: its own, or one of its reservation, payment, returns or alerts. */
const isAbout = (eventId: string | undefined, tenant: string, orderId: string): boolean => {
  const start = `${tenant}/`;
  if (!eventId?.startsWith(start)) return false;
  const subject = eventId.slice(start.length, eventId.lastIndexOf(':'));
  const returns = `RET-${orderId.replace(/^ORD-/, '')}-`;
  return (
    [orderId, `PAY-${orderId}`].includes(subject) || subject.startsWith(returns) || subject.endsWith(`.${orderId}`)
  );
};

/** The dead letters about one order: those whose event is one of its own, of its payment, its returns or its alerts. */
export const deadLetterEntries = (
  deadLetters: readonly DeadLetter[],
  tenant: string,
  orderId: string,
): TimelineEntry[] =>
  deadLetters.flatMap(({ eventId, eventType, failedAt, consumer, errorName, errorMessage, messageId }) =>
    isAbout(eventId, tenant, orderId)
      ? [
          {
            at: failedAt,
            source: 'dead-letter-queue' as const,
            what: `${eventType} dead-lettered by ${consumer}`,
            cause: eventId,
            details: { error: `${errorName}: ${errorMessage}`, messageId },
          },
        ]
      : [],
  );

/** An amount with its currency, as one reads money: `59.90 USD`. */
const withMoney = ({ amount, currency, ...rest }: NonNullable<TimelineEntry['details']>) => {
  if (typeof amount !== 'number' || typeof currency !== 'string') return { ...rest, amount, currency };
  return { ...rest, amount: `${amount.toFixed(minorDigits(currency))} ${currency}` };
};

const detailsOf = ({ eventId, details = {} }: TimelineEntry): string =>
  [
    ...(eventId === undefined ? [] : [eventId]),
    ...Object.entries(withMoney(details)).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])),
  ].join(', ');

const knownBy: Readonly<Record<string, string>> = {
  inventory: 'what the order holds in stock',
  billing: 'its bill',
  notification: 'its e-mails',
  alert: 'its alerts',
  payment: 'its payment and refunds, with the e-mails about them',
};

/** The sentence about a service that did not answer. */
export const missingWords = (service: string, orderId: string): string =>
  `${service} did not answer in time: ${knownBy[service] ?? 'what it knows'} may be missing above. ` +
  `Try again in a moment: npm run timeline -- ${orderId}`;

/** A table's rows, oldest first. */
export const timelineRows = (entries: readonly TimelineEntry[]): string[][] =>
  [...entries]
    .sort((one, other) => one.at.localeCompare(other.at))
    .map((entry) => [entry.at, entry.source, entry.what, entry.cause ?? '', detailsOf(entry)]);
