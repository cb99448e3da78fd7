import type { PaymentAlertType } from '../../contracts/alert-events';
import type { OrderEvent } from '../../contracts/order-events';
import type { OrderStatus } from '../../contracts/order-status';
import type { PaymentEvent } from '../../contracts/payment-events';
import type { DisputeState } from '../../contracts/payment-status';
import type { Tenant } from '../../kernel/tenant';
import type { Cause } from '../stock/alert';

type Told<Kind extends { type: string }, Type extends Kind['type']> = Extract<Kind, { type: Type }>;

/** What is heard of orders. */
export type WatchedOrderEvent = Told<
  OrderEvent,
  | 'OrderPlaced.v1'
  | 'OrderBackordered.v1'
  | 'OrderAwaitingPayment.v1'
  | 'OrderConfirmed.v1'
  | 'OrderShipped.v1'
  | 'OrderDelivered.v1'
  | 'OrderCancelled.v1'
  | 'OrderReturned.v1'
>;

/** What is heard of payments. */
export type WatchedPaymentEvent = Exclude<PaymentEvent, { type: 'PaymentRequested.v1' }>;
export type WatchedEvent = WatchedOrderEvent | WatchedPaymentEvent;

/** An amount in minor units, and when it was first heard of. */
export type Seen = { readonly amount: number; readonly currency: string; readonly at: string };

export type Capture = Seen & {
  /** It came after the payment was given up. */
  readonly late: boolean;
  /** It is late because the shop's own capture met its own cancel: the customer did not pay too late. @default false */
  readonly ownCapture?: boolean | undefined;
  /** The version of the payment that told of it first: what is told again says nothing new. */
  readonly version?: number | undefined;
};

export type RefundTried = Seen & {
  readonly state: 'COMPLETED' | 'FAILED';
  /** The version of the payment that said so: the newest counts. Of a completed one the first that said so. */
  readonly version: number;
  /** Refunds that failed, and whose money this one was asked for again. */
  readonly replaces?: readonly string[] | undefined;
  /** The capture that it is of. Missing where that was not told. */
  readonly externalPaymentId?: string | undefined;
  /** Nobody here asked for it. */
  readonly madeElsewhere?: true | undefined;
  /** The dispute that took it. */
  readonly disputeId?: string | undefined;
};

/** A customer's dispute with their bank, as it was told last. */
export type DisputeSeen = Seen & {
  readonly status: DisputeState;
  readonly reason: string;
  readonly evidenceDueBy?: string | undefined;
  /** An inquiry: the bank has taken no money yet. Missing in rows from before it was kept. */
  readonly inquiry?: boolean | undefined;
  /** The version of the payment that said so: the newest counts. */
  readonly version: number;
};

export type Mismatched = Seen & {
  readonly version?: number | undefined;
  /** The version of the payment by which its money was back. */
  readonly settledIn?: number | undefined;
};

/** What the owner of a fact said when it was asked, and for which version of it. */
export type Answered = { readonly at: string; readonly version: number };

/** Who is asked before anything is concluded from an event that was not heard. */
export type Owner = 'order' | 'payment';

/** What is known of an order. */
export type OrderSeen = {
  readonly version: number;
  readonly status: OrderStatus;
  /** Whether it is paid by a provider. */
  readonly needsPayment: boolean;
  readonly total: number;
  readonly currency: string;
  readonly confirmedAt?: string | undefined;
  /** When it was cancelled, or everything came back. */
  readonly undoneAt?: string | undefined;
  /** By when it must have gone on by itself; missing when it waits for nobody, or for a person. */
  readonly waitsUntil?: string | undefined;
  /** When the order service was last asked about this version, and said that it is still so. */
  readonly askedAt?: string | undefined;
};

/** One thing that is or was wrong between an order and its payment. Raised, it is not raised again. */
export type OrderAlert = {
  readonly state: 'RAISED' | 'RESOLVED';
  readonly error: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly resolvedAt?: string | undefined;
  /** How many of those that count one by one (captures too many) have been told. */
  readonly told: number;
  /** What it rested on when it was raised. Missing in rows from before it was kept. */
  readonly facts?: readonly string[] | undefined;
  /** The version of the row with which it was raised or resolved last. */
  readonly changedIn: number;
  /** Who closed it last, and what they knew: only what is not among these facts raises it again. */
  readonly closed?: Closed | undefined;
};

export type Closed = {
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly facts: readonly string[];
};

/** All that is known of one order and its payment. It does not depend on the order in which it was heard. */
export type OrderPayment = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly order?: OrderSeen | undefined;
  /** What the payment was asked for. */
  readonly asked?: Seen | undefined;
  /** By the provider's ID: the same capture told again is the same. */
  readonly captures: Readonly<Record<string, Capture>>;
  /** How much was captured in all, as refunds tell: a capture that was not heard of counts by it. */
  readonly capturedTotal?: number | undefined;
  readonly refunds: Readonly<Record<string, RefundTried>>;
  /** Amounts that the provider told of and nobody had asked for, by its ID. */
  readonly mismatches: Readonly<Record<string, Mismatched>>;
  readonly disputes: Readonly<Record<string, DisputeSeen>>;
  readonly failure?: string | undefined;
  /** The version of the payment that told of the failure. */
  readonly failedIn?: number | undefined;
  /** The last answers of the services that own what is watched. */
  readonly answered?:
    | {
        readonly order?: Answered | undefined;
        readonly payment?: (Answered & { readonly refundedTotal: number }) | undefined;
      }
    | undefined;
  readonly alerts: Readonly<Partial<Record<PaymentAlertType, OrderAlert>>>;
  readonly version: number;
  /** When it must be looked at again. */
  readonly dueAt?: string | undefined;
  readonly cause: Cause;
};

/** How long services may take, in seconds. */
export type Timeouts = {
  /** Until an order that is undone is paid back. */
  readonly refundSeconds: number;
  /** Until an order that waits for a service has gone on. */
  readonly stuckSeconds: number;
};

export type Moment = { readonly now: Date; readonly timeouts: Timeouts };

export const later = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();

const lateEventSeconds = 10;

/**
 * From when on time is counted for something that was just heard: when it happened, but never in the future, and of what
 * was heard late no longer than 10 s before: what belongs to it is on its way too.
 */
export const countedFrom = (time: string, now: Date): string => {
  const earliest = new Date(now.getTime() - lateEventSeconds * 1000).toISOString();
  const notFuture = time < now.toISOString() ? new Date(time).toISOString() : now.toISOString();
  return notFuture > earliest ? notFuture : earliest;
};

export const earlier = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

export const versionOf = (eventId: string): number => Number(eventId.slice(eventId.lastIndexOf(':') + 1));
