import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Payment } from './payment';
import type { Sighting } from './provider';
import type { Seen } from './seen-payment';

const Details = z.object({
  redirectUrl: z.string().optional(),
  clientSecret: z.string().optional(),
  brand: z.string().optional(),
  last4: z.string().optional(),
});

/** How the customer pays, and what may be shown of the card. Never its number. */
export type Details = z.infer<typeof Details>;

const [ivBytes, tagBytes] = [12, 16];

/** Belongs to this payment: sealed details of another one do not open. */
const contextOf = ({ tenant, paymentId }: Payment) => Buffer.from(`${tenant}/${paymentId}`);

const close = (key: Buffer, payment: Payment, details: Details): string => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(contextOf(payment));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(details), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
};

const open = (key: Buffer, payment: Payment): Details => {
  if (payment.details === undefined) return {};
  const all = Buffer.from(payment.details, 'base64url');
  const cipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, ivBytes)).setAAD(contextOf(payment));
  cipher.setAuthTag(all.subarray(ivBytes, ivBytes + tagBytes));
  const opened = Buffer.concat([cipher.update(all.subarray(ivBytes + tagBytes)), cipher.final()]);
  return Details.parse(JSON.parse(opened.toString('utf8')));
};

/** Seals details by AES-256-GCM under a secret of at least 32 characters, and opens them. */
export const sealing = (secret: string) => {
  const key = createHash('sha256').update(secret).digest();
  return {
    /** The sighting, with its details sealed where they say something new. */
    seal: (payment: Payment, { checkout, card, ...sighting }: Sighting): Seen => {
      const known = open(key, payment);
      const details = Details.parse(JSON.parse(JSON.stringify({ ...known, ...checkout, ...card })));
      const isNew = JSON.stringify(Object.entries(details).sort()) !== JSON.stringify(Object.entries(known).sort());
      return isNew ? { ...sighting, details: close(key, payment, details) } : sighting;
    },
    open: (payment: Payment): Details => open(key, payment),
  };
};

export type Sealing = ReturnType<typeof sealing>;
