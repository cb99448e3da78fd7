import * as z from 'zod';
import type { Secrets } from '../kernel/aws/secret';
import { encryption } from '../kernel/encryption';
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

/** Details of another payment do not decrypt. */
const contextOf = ({ tenant, paymentId }: Payment): string => `${tenant}/${paymentId}`;

const unknownDetails = ({ tenant, paymentId }: Payment): Details => {
  logger.warn('details of a payment cannot be opened', { tenant, paymentId });
  count('PaymentDetailsUnknown', 1);
  return {};
};

/**
 * Encrypts details and decrypts them. Details that cannot be decrypted count as unknown: the state of the money does not
 * depend on them.
 */
export const detailsEncryption = (secrets: Secrets) => {
  const { encrypt, decrypt, isCurrent } = encryption(Details, secrets);
  const decrypted = (payment: Payment): Details | undefined =>
    payment.details === undefined ? {} : decrypt(contextOf(payment), payment.details);
  const decryptOrUnknown = (payment: Payment): Details => decrypted(payment) ?? unknownDetails(payment);
  return {
    /** Returns the snapshot as an update, with its details encrypted when they are new. */
    encryptDetails: (payment: Payment, { checkout, card, ...rest }: ProviderSnapshot): ProviderUpdate => {
      const { expiresAt } = checkout ?? {};
      const snapshot = expiresAt === undefined ? rest : { ...rest, checkoutExpiresAt: expiresAt };
      const known = decryptOrUnknown(payment);
      const details = Details.parse(JSON.parse(JSON.stringify({ ...known, ...checkout, ...card })));
      const isNew = JSON.stringify(Object.entries(details).sort()) !== JSON.stringify(Object.entries(known).sort());
      return isNew ? { ...snapshot, details: encrypt(contextOf(payment), details) } : snapshot;
    },
    decryptDetails: decryptOrUnknown,
    /** Encrypts the payment's details under the current secret. Details that cannot be decrypted stay as they are. */
    reencryptDetails: (payment: Payment): Payment => {
      if (payment.details === undefined || isCurrent(payment.details)) return payment;
      const details = decrypted(payment);
      return details === undefined ? payment : { ...payment, details: encrypt(contextOf(payment), details) };
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
