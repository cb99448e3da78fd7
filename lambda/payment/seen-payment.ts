import type { Cause, Payment } from './payment';
import type { SightedState, Sighting } from './provider';

/** What a provider told, with its details sealed where they are new. */
export type Seen = Omit<Sighting, 'checkout' | 'card'> & {
  readonly details?: string | undefined;
  /** When the page to pay on ends by itself. */
  readonly checkoutExpiresAt?: string | undefined;
};

/** What it makes of a payment; nothing when it is known already. */
export type Reaction = (payment: Payment, seen: Seen, cause: Cause) => Payment | undefined;

export const isOver = ({ status }: Payment) => status !== 'PENDING' && status !== 'PROCESSING';

export const isOpen = (state: SightedState) => state === 'OPEN' || state === 'AUTHORIZED' || state === 'DECLINED';

export const isOpenThere = ({ providerState }: Payment) => providerState === 'OPEN' || providerState === 'AUTHORIZED';

export const isWebhook = ({ eventId }: Cause) => eventId !== undefined;

export const isAsOffered = (payment: Payment, { amount, currency, tenant, paymentId }: Seen): boolean =>
  amount === payment.amount &&
  currency === payment.currency &&
  (tenant ?? payment.tenant) === payment.tenant &&
  (paymentId ?? payment.paymentId) === payment.paymentId;

/** All of what was captured was given back there. */
export const isAllBack = ({ state, amount, refundedAmount = 0 }: Seen) =>
  state === 'CAPTURED' && refundedAmount >= amount;
