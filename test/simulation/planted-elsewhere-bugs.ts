import {
  type ParseWebhook,
  ProviderKeySpentError,
  type Webhook,
  type WebhookRefusal,
} from '../../lambda/payment/providers/provider';
import { soundParts } from './parts';

type Parsing = typeof soundParts.parseWebhook;
type Parsed = Webhook | WebhookRefusal;

const noted = ({ provider, eventId, at }: Webhook): Webhook => ({
  provider,
  eventId,
  at,
  kind: 'other',
  type: 'noted',
});

/** Takes what `wrong` makes of each webhook for what it tells. */
const reading = (wrong: (webhook: Webhook) => Webhook): Parsing => {
  const wrongly =
    (parse: ParseWebhook): ParseWebhook =>
    (...given): Parsed => {
      const parsed = parse(...given);
      return 'refused' in parsed ? parsed : wrong(parsed);
    };
  return { stripe: wrongly(soundParts.parseWebhook.stripe), paypay: wrongly(soundParts.parseWebhook.paypay) };
};

/** Notes the webhooks that `isNoted` picks, and does nothing about them. */
const noting = (isNoted: (webhook: Webhook) => boolean): Parsing =>
  reading((webhook) => (isNoted(webhook) ? noted(webhook) : webhook));

/** Knows no refund but its own: what a webhook without its metadata tells is nobody's. */
export const strangersIgnored: Parsing = noting(
  (webhook) => webhook.kind === 'refund' && webhook.refund.refundId === undefined,
);

/** Takes a dispute for news, and never for money. */
export const disputesIgnored: Parsing = noting((webhook) => webhook.kind === 'dispute');

/** Names a refund that somebody made at the provider anew at each reading of the provider's list. */
export const namedByReading: typeof soundParts.provider = (provider) => {
  let readings = 0;
  return {
    ...provider,
    fetch: async (payment) => {
      const snapshot = await provider.fetch(payment);
      readings += 1;
      const refunds = snapshot?.refunds?.map((refund) =>
        refund.refundId === undefined ? { ...refund, externalRefundId: `reading_${readings}` } : refund,
      );
      return snapshot && { ...snapshot, ...(refunds && { refunds }) };
    },
  };
};

/** Sends a refund under the next key as soon as a key has failed for ever. */
export const nextKeyAtOnce: typeof soundParts.provider = (provider) => ({
  ...provider,
  refund: (payment, refund) =>
    provider.refund(payment, refund).catch((error: unknown) => {
      if (!(error instanceof ProviderKeySpentError)) throw error;
      return provider.refund(payment, { ...refund, key: `${refund.key}/next` });
    }),
});

/** Does not look whether the key that failed has given the money back. */
export const nextKeyUnlooked: typeof soundParts.findRefund = ({ refunds }, { key }) => refunds.get(key);

/** Does not ask the provider what went back without being asked for. */
export const refundsUnread: typeof soundParts.provider = (provider) => ({
  ...provider,
  fetch: async (payment) => {
    const { refunds: _, refundedAmount: __, ...snapshot } = (await provider.fetch(payment)) ?? {};
    return 'state' in snapshot ? snapshot : undefined;
  },
});
