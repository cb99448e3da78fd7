import type { Charge, ProviderSnapshot, SnapshotState } from '../../lambda/payment/providers/provider';

/** Money that a provider gives back. `refundId` is our own ID of it, as its metadata say; a person's has none. */
export type GivenBack = {
  readonly refundId: string | undefined;
  readonly externalRefundId: string;
  readonly amount: number;
  state: 'PROCESSING' | 'COMPLETED' | 'FAILED';
};

/** A customer disputes a payment with their bank, which holds the money until it decides. */
export type Dispute = { readonly disputeId: string; amount: number; state: 'OPEN' | 'WON' | 'LOST' };

/** A payment as its provider has it. Amounts are minor units of `currency`. */
export type Deal = Pick<Charge, 'tenant' | 'paymentId' | 'orderId' | 'amount' | 'currency' | 'key' | 'expiresAt'> & {
  readonly provider: 'stripe' | 'paypay';
  readonly externalPaymentId: string;
  /** The customer made it, and we never asked for it. */
  readonly extra: boolean;
  /** Its money was taken because we asked for that, once the customer had allowed it. */
  ours: boolean;
  /** Made under a key that failed, so nobody was told of it: a search shows it from then on. */
  readonly shownFrom?: number;
  /** When its page ends: nobody can begin to pay by it from then on, and it is told to be open all the same. */
  readonly endsAt?: number;
  state: SnapshotState;
  captured: number;
  capturedAt: number | undefined;
  failureReason: string | undefined;
  /** By the idempotency key. */
  readonly refunds: Map<string, GivenBack>;
  readonly disputes: Dispute[];
};

/** What happened at a provider. `certain` news is sent until it is taken: nobody would find out otherwise. */
export type News = {
  readonly deal: Deal;
  readonly refund?: GivenBack;
  readonly dispute?: Dispute;
  readonly certain?: boolean;
};

/** What the providers keep. Their clock is not ours. */
export type ProviderLedger = {
  readonly deals: Map<string, Deal>; // by external ID
  readonly byKey: Map<string, Deal>;
  readonly refusedKeys: Set<string>;
  /** Keys that fail for ever, of payments and of refunds. */
  readonly spentKeys: Set<string>;
  readonly skewMs: number;
  /** The webhooks that were taken up, by their IDs, and those that were so more than once. */
  readonly taken: Set<string>;
  readonly takenTwice: Set<string>;
  downUntil: number;
  numbered: number;
  /** How often something changed. */
  changes: number;
  tell: (news: News) => void;
};

export const newProviderLedger = (skewMs: number): ProviderLedger => ({
  deals: new Map(),
  byKey: new Map(),
  refusedKeys: new Set(),
  spentKeys: new Set(),
  skewMs,
  taken: new Set(),
  takenTwice: new Set(),
  downUntil: 0,
  numbered: 0,
  changes: 0,
  tell: () => undefined,
});

/** Where the customer pays. */
export const pageOf = ({ externalPaymentId, endsAt }: Deal): NonNullable<ProviderSnapshot['checkout']> => ({
  redirectUrl: `https://pay.example.com/${externalPaymentId}`,
  ...(endsAt === undefined ? {} : { expiresAt: new Date(endsAt).toISOString() }),
});

const isLive = ({ state }: GivenBack) => state !== 'FAILED';
const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);

/** As a provider tells of them: what is on its way counts. */
export const refundsOf = ({ refunds, externalPaymentId }: Deal) => {
  const all = [...refunds.values()];
  const list = all.map((one) => ({ ...one, externalPaymentId }));
  return { refundedAmount: sum(all.filter(isLive)), ...(all.length > 0 ? { refunds: list } : {}) };
};

/** What disputes have taken for good. */
export const lostOf = ({ disputes }: Deal): number => sum(disputes.filter(({ state }) => state === 'LOST'));

/** What of a payment may still go back. */
export const leftOf = (deal: Deal): number =>
  deal.captured - sum([...deal.refunds.values()].filter(isLive)) - lostOf(deal);

export const isDisputed = ({ disputes }: Deal): boolean => disputes.some(({ state }) => state === 'OPEN');

/** What of a payment has gone back. */
export const givenBack = ({ refunds }: Deal): number => {
  let sum = 0;
  for (const { state, amount } of refunds.values()) if (state === 'COMPLETED') sum += amount;
  return sum;
};
