import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../kernel/aws/secret';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import type { Payment } from './domain/payment';
import type { ProviderUpdate } from './domain/provider-update';
import type { PaymentStore } from './payment.store';
import type { ProviderSnapshot } from './providers/provider';

const Details = z.object({
  redirectUrl: z.string().optional(),
  clientSecret: z.string().optional(),
  brand: z.string().optional(),
  last4: z.string().optional(),
});

/** How the customer pays, and what may be shown of the card. Never its number. */
export type Details = z.infer<typeof Details>;

const [ivBytes, tagBytes] = [12, 16];

type Key = { readonly keyId: string; readonly key: Buffer };

const keyOf = (secret: string): Key => {
  const key = createHash('sha256').update(secret).digest();
  const keyId = createHash('sha256').update('key ID').update(key).digest('base64url').slice(0, 8);
  return { keyId, key };
};

/** Belongs to this payment: sealed details of another one do not open. */
const contextOf = ({ tenant, paymentId }: Payment) => Buffer.from(`${tenant}/${paymentId}`);

const close = ({ keyId, key }: Key, payment: Payment, details: Details): string => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(contextOf(payment));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(details), 'utf8'), cipher.final()]);
  return `${keyId}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
};

const openWith = ({ key }: Key, payment: Payment, sealed: string): Details | undefined => {
  const all = Buffer.from(sealed, 'base64url');
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, ivBytes)).setAAD(contextOf(payment));
    cipher.setAuthTag(all.subarray(ivBytes, ivBytes + tagBytes));
    const opened = Buffer.concat([cipher.update(all.subarray(ivBytes + tagBytes)), cipher.final()]);
    return Details.parse(JSON.parse(opened.toString('utf8')));
  } catch {
    return undefined; // sealed with another key, for another payment, or changed
  }
};

/** `<key ID>.<sealed>`, or without an ID from before there were any. */
const partsOf = (details: string) => {
  const [first = '', second] = details.split('.');
  return second === undefined ? { sealed: first } : { keyId: first, sealed: second };
};

const candidates = (keys: readonly Key[], keyId: string | undefined) =>
  keyId === undefined ? keys : keys.filter((key) => key.keyId === keyId);

const open = (keys: readonly Key[], payment: Payment): Details | undefined => {
  if (payment.details === undefined) return {};
  const { keyId, sealed } = partsOf(payment.details);
  for (const key of candidates(keys, keyId)) {
    const details = openWith(key, payment, sealed);
    if (details !== undefined) return details;
  }
  return undefined;
};

const unknownDetails = ({ tenant, paymentId }: Payment): Details => {
  logger.warn('details of a payment cannot be opened', { tenant, paymentId });
  count('PaymentDetailsUnknown', 1);
  return {};
};

/**
 * Seals details by AES-256-GCM under a secret of at least 32 characters, and opens what one of the good secrets has sealed.
 * Details that none of them opens are unknown: the state of the money does not depend on them.
 */
export const sealing = (secrets: Secrets) => {
  const signing = () => keyOf(secrets.signing);
  const opened = (payment: Payment): Details | undefined => open(secrets.good.map(keyOf), payment);
  const openOrUnknown = (payment: Payment): Details => opened(payment) ?? unknownDetails(payment);
  return {
    /** The snapshot, with its details sealed where they say something new. */
    seal: (payment: Payment, { checkout, card, ...told }: ProviderSnapshot): ProviderUpdate => {
      const { expiresAt } = checkout ?? {};
      const snapshot = expiresAt === undefined ? told : { ...told, checkoutExpiresAt: expiresAt };
      const known = openOrUnknown(payment);
      const details = Details.parse(JSON.parse(JSON.stringify({ ...known, ...checkout, ...card })));
      const isNew = JSON.stringify(Object.entries(details).sort()) !== JSON.stringify(Object.entries(known).sort());
      return isNew ? { ...snapshot, details: close(signing(), payment, details) } : snapshot;
    },
    open: openOrUnknown,
    /** The payment with its details sealed by the secret that is used now. Those that cannot be opened stay as they are. */
    renew: (payment: Payment): Payment => {
      const key = signing();
      if (payment.details === undefined || partsOf(payment.details).keyId === key.keyId) return payment;
      const details = opened(payment);
      return details === undefined ? payment : { ...payment, details: close(key, payment, details) };
    },
  };
};

export type Sealing = ReturnType<typeof sealing>;

/** A store whose every write seals the details anew that were sealed by a secret of before. */
export const sealedAnew = (payments: PaymentStore, { renew }: Pick<Sealing, 'renew'>): PaymentStore => ({
  ...payments,
  insert: (payment) => payments.insert(renew(payment)),
  save: (next) => payments.save(renew(next)),
  saveReceived: (next, receipt) => payments.saveReceived(renew(next), receipt),
  saveClaimed: (next, claim) => payments.saveClaimed(renew(next), claim),
});
