import { type Answer, refuse } from '../../kernel/http/answer';
import { refuseBody } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import { logger } from '../../kernel/logger';
import type { ParseWebhook, Webhook, WebhookRefusal } from '../providers/provider';
import type { Received } from './receive-webhook';

export type WebhookDeps = {
  readonly parse: ParseWebhook;
  /** The secrets that the provider may have signed with. */
  readonly secrets: () => readonly string[];
  readonly receive: (webhook: Webhook) => Promise<Received>;
  readonly now: () => Date;
};

const maxBytes = 256 * 1024;

const details = {
  unsigned: 'The webhook is not signed.',
  'wrong-signature': 'The signature of the webhook is valid for none of the configured secrets.',
  'too-old': 'The signature of the webhook is more than 300 seconds old, or from the future.',
  unreadable: 'The webhook is signed, but its fields are wrong.',
} as const satisfies Record<WebhookRefusal['refused'], string>;

/**
 * `POST /webhooks/{provider}`. Authenticated by the signature over the raw body. Answers after the webhook is stored;
 * an error returns 500, so that the provider resends.
 */
export const webhookRoute =
  ({ parse, secrets, receive, now }: WebhookDeps): Route =>
  async (request: Request): Promise<Answer> => {
    const refused = refuseBody(request, 'application/json', maxBytes);
    if (refused !== undefined) return refused;
    const webhook = parse(request.body, request.header, secrets(), now());
    const { correlationId } = request;
    if ('refused' in webhook) {
      logger.warn('webhook refused', { reason: webhook.refused, correlationId });
      return refuse('InvalidSignature', details[webhook.refused], { errors: webhook.errors });
    }
    const outcome = await receive(webhook);
    const { provider, eventId, kind } = webhook;
    logger.info('webhook received', { provider, eventId, kind, outcome, correlationId });
    return { status: 200, body: { received: true } };
  };
