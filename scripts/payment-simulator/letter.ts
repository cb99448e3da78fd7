import { createHmac, randomUUID } from 'node:crypto';
import { simulatorKeys } from './keys';
import { type Happening, type Provider, randomId } from './payment';
import { payPayNotice } from './paypay-objects';
import { stripeEvent } from './stripe-objects';

/** A webhook, ready to be sent as often as it takes. */
export type Letter = {
  readonly provider: Provider;
  readonly paymentId: string;
  readonly type: string;
  readonly forged: boolean;
  readonly body: string;
  /** Signed when it is sent, as providers do. */
  readonly headers: (at: number) => Record<string, string>;
};

const seconds = (at: number) => String(Math.floor(at / 1000));

const stripeHeaders =
  (body: string, secret: string) =>
  (at: number): Record<string, string> => {
    const t = seconds(at);
    const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
    return { 'stripe-signature': `t=${t},v1=${v1}` };
  };

const payPayHeaders =
  (body: string, secret: string, id: string) =>
  (at: number): Record<string, string> => {
    const t = seconds(at);
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${t}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': t, 'webhook-signature': `v1,${signature}` };
  };

const wrongSecret = 'whsec_bm90LXRoZS1yaWdodC1vbmU=';

/** What is told of something that happened; nothing where a provider tells nothing. */
export const letterOf = (happening: Happening, at: number, forged = false): Letter | undefined => {
  const { payment, what } = happening;
  const { provider, id: paymentId } = payment;
  if (provider === 'stripe') {
    const body = JSON.stringify(stripeEvent(happening, `evt_${randomId()}`, at));
    const secret = forged ? wrongSecret : simulatorKeys.stripe.webhookSecrets[0];
    return { provider, paymentId, type: what, forged, body, headers: stripeHeaders(body, secret) };
  }
  const notice = payPayNotice(happening, at);
  if (notice === undefined) return undefined;
  const body = JSON.stringify(notice);
  const secret = forged ? wrongSecret : simulatorKeys.paypay.webhookSecrets[0];
  return { provider, paymentId, type: what, forged, body, headers: payPayHeaders(body, secret, `msg_${randomUUID()}`) };
};
