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

/** How the customer pays, and what of the card may be shown. Never its number. */
export type Details = z.infer<typeof Details>;

const [ivBytes, tagBytes] = [12, 16];

type Key = { readonly keyId: string; readonly key: Buffer };

const keyOf = (secret: string): Key => {
  const key = createHash('sha256').update(secret).digest();
  const keyId = createHash('sha256').update('key ID').update(key).digest('base64url').slice(0, 8);
  return { keyId, key };
};

/** Binds the ciphertext to the payment: details of another payment do not decrypt. */
const contextOf = ({ tenant, paymentId }: Payment) => Buffer.from(`${tenant}/${paymentId}`);

const encrypt = ({ keyId, key }: Key, payment: Payment, details: Details): string => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(contextOf(payment));
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(details), 'utf8'), cipher.final()]);
  return `${keyId}.${Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url')}`;
};

const decryptWith = ({ key }: Key, payment: Payment, encrypted: string): Details | undefined => {
  const all = Buffer.from(encrypted, 'base64url');
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, ivBytes)).setAAD(contextOf(payment));
    cipher.setAuthTag(all.subarray(ivBytes, ivBytes + tagBytes));
    const decrypted = Buffer.concat([cipher.update(all.subarray(ivBytes + tagBytes)), cipher.final()]);
    return Details.parse(JSON.parse(decrypted.toString('utf8')));
  } catch {
    return undefined; // encrypted with another key, for another payment, or changed
  }
};

/** Parses `<key ID>.<ciphertext>`. Details from before key IDs have none. */
const partsOf = (details: string) => {
  const [first = '', second] = details.split('.');
  return second === undefined ? { encrypted: first } : { keyId: first, encrypted: second };
};

const candidates = (keys: readonly Key[], keyId: string | undefined) =>
  keyId === undefined ? keys : keys.filter((key) => key.keyId === keyId);

const decryptAny = (keys: readonly Key[], payment: Payment): Details | undefined => {
  if (payment.details === undefined) return {};
  const { keyId, encrypted } = partsOf(payment.details);
  for (const key of candidates(keys, keyId)) {
    const details = decryptWith(key, payment, encrypted);
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
 * Encrypts details with AES-256-GCM under a secret of at least 32 characters and decrypts with every valid secret.
 * Details that cannot be decrypted count as unknown: the state of the money does not depend on them.
 */
export const detailsEncryption = (secrets: Secrets) => {
  const currentKey = () => keyOf(secrets.signing);
  const decrypted = (payment: Payment): Details | undefined => decryptAny(secrets.good.map(keyOf), payment);
  const decryptOrUnknown = (payment: Payment): Details => decrypted(payment) ?? unknownDetails(payment);
  return {
    /** Returns the snapshot as an update, with its details encrypted when they are new. */
    encryptDetails: (payment: Payment, { checkout, card, ...rest }: ProviderSnapshot): ProviderUpdate => {
      const { expiresAt } = checkout ?? {};
      const snapshot = expiresAt === undefined ? rest : { ...rest, checkoutExpiresAt: expiresAt };
      const known = decryptOrUnknown(payment);
      const details = Details.parse(JSON.parse(JSON.stringify({ ...known, ...checkout, ...card })));
      const isNew = JSON.stringify(Object.entries(details).sort()) !== JSON.stringify(Object.entries(known).sort());
      return isNew ? { ...snapshot, details: encrypt(currentKey(), payment, details) } : snapshot;
    },
    decryptDetails: decryptOrUnknown,
    /** Encrypts the payment's details under the current secret. Details that cannot be decrypted stay as they are. */
    reencryptDetails: (payment: Payment): Payment => {
      const key = currentKey();
      if (payment.details === undefined || partsOf(payment.details).keyId === key.keyId) return payment;
      const details = decrypted(payment);
      return details === undefined ? payment : { ...payment, details: encrypt(key, payment, details) };
    },
  };
};

export type DetailsEncryption = ReturnType<typeof detailsEncryption>;

/** Returns a store that encrypts details of an older secret under the current one with every write. */
export const withCurrentDetailsKey = (
  payments: PaymentStore,
  { reencryptDetails }: Pick<DetailsEncryption, 'reencryptDetails'>,
): PaymentStore => ({
  ...payments,
  insert: (payment) => payments.insert(reencryptDetails(payment)),
  save: (next) => payments.save(reencryptDetails(next)),
  saveReceived: (next, receipt) => payments.saveReceived(reencryptDetails(next), receipt),
  saveClaimed: (next, claim) => payments.saveClaimed(reencryptDetails(next), claim),
});
