import type { PaymentAlertType } from '../../contracts/events/alert-events';
import type { OrderEvent } from '../../contracts/events/order-events';
import type { PaymentEvent } from '../../contracts/events/payment-events';
import type { OrderStatus } from '../../contracts/values/order-status';
import type { DisputeState } from '../../contracts/values/payment-status';
import type { Tenant } from '../../kernel/tenant';
import type { Cause } from '../stock/alert';

type EventOf<Kind extends { type: string }, Type extends Kind['type']> = Extract<Kind, { type: Type }>;

/** The order events that are reconciled. */
export type ReconciledOrderEvent = EventOf<
  OrderEvent,
  | 'OrderPlaced.v2'
  | 'OrderBackordered.v2'
  | 'OrderAwaitingPayment.v2'
  | 'OrderConfirmed.v2'
  | 'OrderShipped.v2'
  | 'OrderDelivered.v2'
  | 'OrderCancelled.v2'
  | 'OrderReturned.v2'
>;

/** The payment events that are reconciled. */
export type ReconciledPaymentEvent = Exclude<PaymentEvent, { type: 'PaymentRequested.v1' }>;
export type ReconciledEvent = ReconciledOrderEvent | ReconciledPaymentEvent;

/** An amount in minor units, and from when its deadlines count. */
export type AmountAt = { readonly amount: number; readonly currency: string; readonly at: string };

export type Capture = AmountAt & {
  /** Whether it came after the payment was given up. */
  readonly late: boolean;
  /** Whether it is late only because the shop's own capture crossed its own cancellation. @default false */
  readonly ownCapture?: boolean | undefined;
  /** The payment's version in its first event. Later events of the same capture change nothing. */
  readonly version?: number | undefined;
};

export type RefundAttempt = AmountAt & {
  readonly state: 'COMPLETED' | 'FAILED';
  /** The payment's version in its newest event; of a completed refund, in the first event that completed it. */
  readonly version: number;
  /** The failed refunds that this one replaces. */
  readonly replaces?: readonly string[] | undefined;
  /** The capture that it refunds. Missing when its event did not name it. */
  readonly externalPaymentId?: string | undefined;
  /** It was made at the provider, not requested by this system. */
  readonly madeElsewhere?: true | undefined;
  /** The dispute that took the money. */
  readonly disputeId?: string | undefined;
};

/** A customer's dispute with their bank, as of its newest event. */
export type KnownDispute = AmountAt & {
  readonly status: DisputeState;
  readonly reason: string;
  readonly evidenceDueBy?: string | undefined;
  /** Whether it is an inquiry: the bank has taken no money yet. Missing in old rows. */
  readonly inquiry?: boolean | undefined;
  /** The payment's version in its newest event. */
  readonly version: number;
};

type AmountMismatch = AmountAt & {
  readonly version?: number | undefined;
  /** The payment's version that no longer listed it. */
  readonly settledIn?: number | undefined;
};

/** When an owning service last answered a query, and for which version. */
type Answered = { readonly at: string; readonly version: number };

/** The service that is queried before a missing event raises an alert. */
export type Owner = 'order' | 'payment';

/** The known state of an order. */
export type OrderState = {
  readonly version: number;
  readonly status: OrderStatus;
  /** Whether a provider takes its payment. */
  readonly needsPayment: boolean;
  readonly total: number;
  readonly currency: string;
  readonly confirmedAt?: string | undefined;
  /** When it was cancelled or completely returned. */
  readonly undoneAt?: string | undefined;
  /** The deadline for its next automatic step. Missing when it waits for no service. */
  readonly waitsUntil?: string | undefined;
  /** When the order service last confirmed this version. */
  readonly askedAt?: string | undefined;
};

/** The alert of one type about an order and its payment. A raised alert is not raised again. */
export type OrderAlert = {
  readonly state: 'RAISED' | 'RESOLVED';
  readonly error: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly resolvedAt?: string | undefined;
  /** How many violations it has reported, where each counts by itself, as each extra capture does. */
  readonly told: number;
  /** The evidence when it was raised. Missing in old rows. */
  readonly facts?: readonly string[] | undefined;
  /** The row's version that raised or resolved it last. */
  readonly changedIn: number;
  /** The last close by a person. Only a fact that is not listed here raises it again. */
  readonly closed?: Closed | undefined;
};

export type Closed = {
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly facts: readonly string[];
};

/** The known state of one order and its payment. It does not depend on the order of delivery. */
export type OrderPayment = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly order?: OrderState | undefined;
  /** The requested amount. */
  readonly asked?: AmountAt | undefined;
  /** By the provider's ID, so that a repeated event adds none. */
  readonly captures: Readonly<Record<string, Capture>>;
  /** The captured total that refund events state. It includes captures whose events are missing. */
  readonly capturedTotal?: number | undefined;
  readonly refunds: Readonly<Record<string, RefundAttempt>>;
  /** Amounts at the provider that nobody requested, by its ID. */
  readonly mismatches: Readonly<Record<string, AmountMismatch>>;
  readonly disputes: Readonly<Record<string, KnownDispute>>;
  readonly failure?: string | undefined;
  /** The payment's version that failed. */
  readonly failedIn?: number | undefined;
  /** The last answers of the owning services. */
  readonly answered?:
    | {
        readonly order?: Answered | undefined;
        readonly payment?: (Answered & { readonly refundedTotal: number }) | undefined;
      }
    | undefined;
  readonly alerts: Readonly<Partial<Record<PaymentAlertType, OrderAlert>>>;
  readonly version: number;
  /** When it must be checked again. */
  readonly dueAt?: string | undefined;
  readonly cause: Cause;
};

/** How long services may take, in seconds. */
export type Timeouts = {
  /** Until the money of a cancelled or returned order is refunded. */
  readonly refundSeconds: number;
  /** Until an order that waits for a service counts as stuck. */
  readonly stuckSeconds: number;
};

export type Moment = { readonly now: Date; readonly timeouts: Timeouts };

export const later = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();

const lateEventSeconds = 10;

/**
 * Returns when the deadlines of an event start: its time, but never in the future and at most 10 s ago. When an event
 * arrives late, the events that belong to it may still be on their way.
 */
export const countedFrom = (time: string, now: Date): string => {
  const earliest = new Date(now.getTime() - lateEventSeconds * 1000).toISOString();
  const notFuture = time < now.toISOString() ? new Date(time).toISOString() : now.toISOString();
  return notFuture > earliest ? notFuture : earliest;
};

export const earlier = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

export const versionOf = (eventId: string): number => Number(eventId.slice(eventId.lastIndexOf(':') + 1));
