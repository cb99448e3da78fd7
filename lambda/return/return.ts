import type { OrderLine } from '../contracts/events/order-events';
import type { ReturnEvent } from '../contracts/events/return-events';
import type { Locale } from '../contracts/values/order-status';
import type { ReturnStatus } from '../contracts/values/return-status';
import type { Sealed } from '../contracts/values/sealed';
import { accept, type Decision, reject } from '../kernel/decision';
import type { Origin } from '../kernel/http/caller';
import type { Tenant } from '../kernel/tenant';

/**
 * One product of a delivered order. `claimed` units are in returns that were not rejected; `returned` ones are back.
 */
export type DeliveredLine = OrderLine & { readonly claimed: number; readonly returned: number };

/** A delivered order: what may still be returned, and by whom. */
export type DeliveredOrder = {
  readonly tenant: Tenant;
  readonly orderId: string;
  /** The owner, verified by a token. A guest's order has none. */
  readonly userId?: string | undefined;
  readonly customerEmail: Sealed;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly DeliveredLine[];
  readonly deliveredAt: string;
  /** The number of returns so far. */
  readonly returns: number;
  readonly version: number;
};

type ReturnFact = (
  | { readonly type: 'ReturnRequested' }
  | { readonly type: 'ReturnApproved' | 'ReturnRejected'; readonly previousStatus: ReturnStatus }
  | { readonly type: 'ReturnCompleted'; readonly previousStatus: ReturnStatus; readonly orderFullyReturned: boolean }
) & { readonly traceparent?: string | undefined } & Origin;

/** A return of items of one order. Amounts are in minor units of `currency`. */
export type Return = {
  readonly tenant: Tenant;
  readonly returnId: string;
  readonly orderId: string;
  readonly userId?: string | undefined;
  readonly customerEmail: Sealed;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  /** Sealed under the key of the order. */
  readonly reason: Sealed;
  readonly status: ReturnStatus;
  readonly requestedAt: string;
  readonly updatedAt: string;
  /** When the goods came back. */
  readonly returnedAt?: string | undefined;
  readonly correlationId: string;
  readonly version: number;
  readonly fact: ReturnFact;
};

type Counted = Pick<OrderLine, 'productId' | 'quantity'>;

/** Returns the order with the units of `items` added to or subtracted from a count. */
const count = (order: DeliveredOrder, of: 'claimed' | 'returned', items: readonly Counted[], sign: 1 | -1) => {
  const moved = new Map(items.map(({ productId, quantity }) => [productId, sign * quantity]));
  const lines = order.lines.map((line) => ({ ...line, [of]: line[of] + (moved.get(line.productId) ?? 0) }));
  return { ...order, lines, version: order.version + 1 };
};

/** Returns the units that may still be returned, by product. */
export const leftOf = ({ lines }: DeliveredOrder): ReadonlyMap<string, number> =>
  new Map(lines.map(({ productId, quantity, claimed }) => [productId, quantity - claimed]));

/** Returns the ID of an order's return: `RET-000001-2` is the second return of `ORD-000001`. */
export const returnIdOf = ({ orderId }: Pick<DeliveredOrder, 'orderId'>, number: number): string =>
  `RET-${orderId.slice('ORD-'.length)}-${number}`;

/** Returns the IDs of all returns of an order so far. */
export const returnIdsOf = (order: Pick<DeliveredOrder, 'orderId' | 'returns'>): string[] =>
  Array.from({ length: order.returns }, (_, index) => returnIdOf(order, index + 1));

/** Claims units for a return, so that no other return can have them. The compensation is the return's rejection. */
export const claim = (order: DeliveredOrder, items: readonly Counted[]): DeliveredOrder => ({
  ...count(order, 'claimed', items, 1),
  returns: order.returns + 1,
});

const isFullyReturned = ({ lines }: DeliveredOrder) => lines.every(({ quantity, returned }) => returned === quantity);

/** The allowed transitions from each status. */
const transitions: Readonly<Record<ReturnStatus, readonly ReturnStatus[]>> = {
  REQUESTED: ['APPROVED', 'REJECTED'],
  APPROVED: ['COMPLETED', 'REJECTED'],
  REJECTED: [],
  COMPLETED: [],
};

/** Returns whether the return is neither rejected nor completed. */
export const isOpen = ({ status }: Pick<Return, 'status'>): boolean => transitions[status].length > 0;

export type NextStatus = Exclude<ReturnStatus, 'REQUESTED'>;

/** The next version of a return, and of its order if that changes. */
export type ReturnUpdate = { readonly next: Return; readonly order?: DeliveredOrder };

type Cause = { readonly at: Date; readonly traceparent?: string | undefined } & Origin;

const evolve = (given: Return, status: NextStatus, fact: ReturnFact, cause: Cause): Return => ({
  ...given,
  status,
  updatedAt: cause.at.toISOString(),
  version: given.version + 1,
  fact: {
    ...fact,
    traceparent: cause.traceparent ?? given.fact.traceparent,
    actor: cause.actor,
    network: cause.network,
  },
});

const approve = (given: Return, _order: DeliveredOrder, cause: Cause): ReturnUpdate => ({
  next: evolve(given, 'APPROVED', { type: 'ReturnApproved', previousStatus: given.status }, cause),
});

/** Rejects a return. Its units may be returned again. */
const refuse = (given: Return, order: DeliveredOrder, cause: Cause): ReturnUpdate => ({
  next: evolve(given, 'REJECTED', { type: 'ReturnRejected', previousStatus: given.status }, cause),
  order: count(order, 'claimed', given.lines, -1),
});

const complete = (given: Return, order: DeliveredOrder, cause: Cause): ReturnUpdate => {
  const counted = count(order, 'returned', given.lines, 1);
  const fact = { previousStatus: given.status, orderFullyReturned: isFullyReturned(counted) };
  const next = evolve(given, 'COMPLETED', { type: 'ReturnCompleted', ...fact }, cause);
  return { next: { ...next, returnedAt: cause.at.toISOString() }, order: counted };
};

const updates = { APPROVED: approve, REJECTED: refuse, COMPLETED: complete } as const satisfies Record<
  NextStatus,
  typeof approve
>;

/** Decides whether staff may move a return to a status. */
export const updateReturn = (
  given: Return,
  order: DeliveredOrder,
  { status, ...cause }: Cause & { readonly status: NextStatus },
): Decision<ReturnUpdate, 'invalid-transition'> =>
  transitions[given.status].includes(status)
    ? accept(updates[status](given, order, cause))
    : reject('invalid-transition');

const envelope = ({ tenant, returnId, version, updatedAt, correlationId, fact }: Return) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${returnId}:${version}`,
  source: '/returns',
  subject: returnId,
  time: updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: correlationId,
  traceparent: fact.traceparent,
  actor: fact.actor,
  network: fact.network,
});

const summary = (given: Return) => ({
  returnId: given.returnId,
  orderId: given.orderId,
  userId: given.userId,
  customerEmail: given.customerEmail,
  locale: given.locale,
  currency: given.currency,
  lines: [...given.lines],
  reason: given.reason,
  status: given.status,
  requestedAt: given.requestedAt,
});

/** Returns the event of a return's newest fact. It is the same for the same version. */
export const returnEvent = (given: Return): ReturnEvent => {
  const { fact } = given;
  if (fact.type === 'ReturnRequested') return { ...envelope(given), type: 'ReturnRequested.v2', data: summary(given) };
  const data = { ...summary(given), previousStatus: fact.previousStatus };
  switch (fact.type) {
    case 'ReturnApproved':
      return { ...envelope(given), type: 'ReturnApproved.v2', data };
    case 'ReturnRejected':
      return { ...envelope(given), type: 'ReturnRejected.v2', data };
    case 'ReturnCompleted': {
      const { orderFullyReturned } = fact;
      const returned = { ...data, returnedAt: given.returnedAt ?? given.updatedAt, orderFullyReturned };
      return { ...envelope(given), type: 'ReturnCompleted.v2', data: returned };
    }
  }
};
