import type { ParseWebhook, Webhook, WebhookRefusal } from '../../lambda/payment/provider';
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

/** Notes the webhooks that `isNoted` picks, and does nothing about them. */
const noting = (isNoted: (webhook: Webhook) => boolean): Parsing => {
  const only =
    (parse: ParseWebhook): ParseWebhook =>
    (...given): Parsed => {
      const parsed = parse(...given);
      return 'refused' in parsed || !isNoted(parsed) ? parsed : noted(parsed);
    };
  return { stripe: only(soundParts.parseWebhook.stripe), paypay: only(soundParts.parseWebhook.paypay) };
};

/** Knows no refund but its own: what a webhook without its metadata tells is nobody's. */
export const strangersIgnored: Parsing = noting(
  (webhook) => webhook.kind === 'refund' && webhook.refund.refundId === undefined,
);

/** Takes a dispute for news, and never for money. */
export const disputesIgnored: Parsing = noting((webhook) => webhook.kind === 'dispute');

/** Does not ask the provider what went back without being asked for. */
export const refundsUnread: typeof soundParts.provider = (provider) => ({
  ...provider,
  fetch: async (payment) => {
    const { refunds: _, refundedAmount: __, ...sighting } = (await provider.fetch(payment)) ?? {};
    return 'state' in sighting ? sighting : undefined;
  },
});
