import { dueAfter } from './next-step';
import type { Cause, Payment, PaymentFact } from './payment';

type NewFact<Fact> = Fact extends unknown
  ? Omit<Fact, 'actor' | 'network' | 'causationId' | 'traceparent'> & { readonly note?: string | undefined }
  : never;

const maxHistory = 100; // bounds the row, even with a webhook each second

/** Returns the next version of a payment, with its fact, history and due time. */
export const evolve = (
  payment: Payment,
  changes: Partial<Payment>,
  { note, ...fact }: NewFact<PaymentFact>,
  { at, eventId, ...cause }: Cause,
): Payment => {
  const next = { ...payment, attempts: 0, delayed: false, ...changes, version: payment.version + 1 };
  const entry = { at: at.toISOString(), event: fact.type, status: next.status, actor: cause.actor, note };
  return {
    ...next,
    updatedAt: at.toISOString(),
    lastEventId: eventId ?? payment.lastEventId,
    fact: { ...fact, ...cause } as PaymentFact,
    history: [...payment.history, entry].slice(-maxHistory),
    dueAt: dueAfter(next, at),
  };
};
