import type { OrderLine } from '../contracts/order-events';
import type { Locale } from '../contracts/order-status';
import type { ReturnEvent } from '../contracts/return-events';
import type { ReturnStatus } from '../contracts/return-status';
import { accept, type Decision, reject } from '../kernel/decision';
import type { Origin } from '../kernel/http/caller';
import type { Tenant } from '../kernel/tenant';

/** One product of a delivered order. `claimed` pieces are in returns that were not rejected, `returned` of them are back. */
export type DeliveredLine = OrderLine & { readonly claimed: number; readonly returned: number };

/** What the service keeps of a delivered order: what of it may still be returned, and by whom. */
export type DeliveredOrder = {
  readonly tenant: Tenant;
  readonly orderId: string;
  /** Whose order it was, verified by a token; missing for a guest's. */
  readonly userId?: string | undefined;
  readonly customerEmail: string;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly DeliveredLine[];
  readonly deliveredAt: string;
  /** How many returns there have been. */
  readonly returns: number;
  readonly version: number;
};

export type ReturnFact = (
  | { readonly type: 'ReturnRequested' }
  | { readonly type: 'ReturnApproved' | 'ReturnRejected'; readonly previousStatus: ReturnStatus }
  | { readonly type: 'ReturnCompleted'; readonly previousStatus: ReturnStatus; readonly orderFullyReturned: boolean }
) & { readonly traceparent?: string | undefined } & Origin;

/** Goods of one order that shall go back. Amounts are minor units of `currency`. */
export type Return = {
  readonly tenant: Tenant;
  readonly returnId: string;
  readonly orderId: string;
  readonly userId?: string | undefined;
  readonly customerEmail: string;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly reason: string;
  readonly status: ReturnStatus;
  readonly requestedAt: string;
  readonly updatedAt: string;
  /** When the goods were back. */
  readonly returnedAt?: string | undefined;
  readonly correlationId: string;
  readonly version: number;
  readonly fact: ReturnFact;
};

type Counted = Pick<OrderLine, 'productId' | 'quantity'>;

/** Counts pieces of the order in or out of its returns. */
const count = (order: DeliveredOrder, of: 'claimed' | 'returned', items: readonly Counted[], sign: 1 | -1) => {
  const moved = new Map(items.map(({ productId, quantity }) => [productId, sign * quantity]));
  const lines = order.lines.map((line) => ({ ...line, [of]: line[of] + (moved.get(line.productId) ?? 0) }));
  return { ...order, lines, version: order.version + 1 };
};

/** What of the order may still be returned, by product. */
export const leftOf = ({ lines }: DeliveredOrder): ReadonlyMap<string, number> =>
  new Map(lines.map(({ productId, quantity, claimed }) => [productId, quantity - claimed]));

/** Pieces that are asked back cannot be asked back again. Its undo is `reject`. */
export const claim = (order: DeliveredOrder, items: readonly Counted[]): DeliveredOrder => ({
  ...count(order, 'claimed', items, 1),
  returns: order.returns + 1,
});

const isFullyReturned = ({ lines }: DeliveredOrder) => lines.every(({ quantity, returned }) => returned === quantity);

/** From which status a return may go on to which. */
const transitions: Readonly<Record<ReturnStatus, readonly ReturnStatus[]>> = {
  REQUESTED: ['APPROVED', 'REJECTED'],
  APPROVED: ['COMPLETED', 'REJECTED'],
  REJECTED: [],
  COMPLETED: [],
};

export type NextStatus = Exclude<ReturnStatus, 'REQUESTED'>;

/** What becomes of a return and, where what may still be returned changes, of its order. */
export type Settled = { readonly next: Return; readonly order?: DeliveredOrder };

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

const approve = (given: Return, _order: DeliveredOrder, cause: Cause): Settled => ({
  next: evolve(given, 'APPROVED', { type: 'ReturnApproved', previousStatus: given.status }, cause),
});

/** Its pieces may be asked back again. */
const refuse = (given: Return, order: DeliveredOrder, cause: Cause): Settled => ({
  next: evolve(given, 'REJECTED', { type: 'ReturnRejected', previousStatus: given.status }, cause),
  order: count(order, 'claimed', given.lines, -1),
});

const complete = (given: Return, order: DeliveredOrder, cause: Cause): Settled => {
  const counted = count(order, 'returned', given.lines, 1);
  const fact = { previousStatus: given.status, orderFullyReturned: isFullyReturned(counted) };
  const next = evolve(given, 'COMPLETED', { type: 'ReturnCompleted', ...fact }, cause);
  return { next: { ...next, returnedAt: cause.at.toISOString() }, order: counted };
};

const settlements = { APPROVED: approve, REJECTED: refuse, COMPLETED: complete } as const satisfies Record<
  NextStatus,
  typeof approve
>;

/** Decides what staff wants to become of a return. */
export const settleReturn = (
  given: Return,
  order: DeliveredOrder,
  { status, ...cause }: Cause & { readonly status: NextStatus },
): Decision<Settled, 'invalid-transition'> =>
  transitions[given.status].includes(status)
    ? accept(settlements[status](given, order, cause))
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

/** The event that a return's newest fact stands for. Always the same for the same version. */
export const returnEvent = (given: Return): ReturnEvent => {
  const { fact } = given;
  if (fact.type === 'ReturnRequested') return { ...envelope(given), type: 'ReturnRequested.v1', data: summary(given) };
  const data = { ...summary(given), previousStatus: fact.previousStatus };
  switch (fact.type) {
    case 'ReturnApproved':
      return { ...envelope(given), type: 'ReturnApproved.v1', data };
    case 'ReturnRejected':
      return { ...envelope(given), type: 'ReturnRejected.v1', data };
    case 'ReturnCompleted': {
      const { orderFullyReturned } = fact;
      const returned = { ...data, returnedAt: given.returnedAt ?? given.updatedAt, orderFullyReturned };
      return { ...envelope(given), type: 'ReturnCompleted.v1', data: returned };
    }
  }
};
