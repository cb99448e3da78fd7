import { hashedName } from '../kernel/rate-limit';
import type { Letter } from './letter';

/** Mails are counted by windows of so many milliseconds. */
export const windowMs = 20 * 60_000;

export type GuestMailLimitDeps = {
  /** Takes one out of the window of a bucket. False when `limit` were taken. */
  readonly lease: (lease: {
    readonly bucket: string;
    readonly block: number;
    readonly limit: number;
    readonly expiresAt: Date;
  }) => Promise<boolean>;
  readonly giveBack: (taken: { readonly bucket: string; readonly amount: number }) => Promise<void>;
  /** How many mails an address may get in one window. */
  readonly perWindow: number;
  readonly now: () => Date;
};

/** What a mail may do. `bucket` names where it was counted; it is missing for a mail that is not counted. */
export type Admission = { readonly isAdmitted: boolean; readonly bucket?: string };

/**
 * Limits the mails that a guest causes by placing and cancelling orders: nobody has proved that the address is the guest's.
 * Counts by shop and address. A mail to a user, about a refund, or about what staff does with an order is not counted.
 */
export const guestMailLimit = ({ lease, giveBack, perWindow, now }: GuestMailLimitDeps) => ({
  admit: async ({ isOfGuest, record: { tenant, recipient } }: Letter): Promise<Admission> => {
    if (!isOfGuest) return { isAdmitted: true };
    const start = Math.floor(now().getTime() / windowMs) * windowMs;
    const bucket = `${tenant}#order-mail#${hashedName(tenant, recipient.toLowerCase())}#${start}`;
    const expiresAt = new Date(start + 2 * windowMs);
    return { isAdmitted: await lease({ bucket, block: 1, limit: perWindow, expiresAt }), bucket };
  },

  /** Puts back what a mail took that could not be sent: it comes again. */
  release: async ({ isAdmitted, bucket }: Admission): Promise<void> => {
    if (isAdmitted && bucket !== undefined) await giveBack({ bucket, amount: 1 });
  },
});

export type GuestMailLimit = ReturnType<typeof guestMailLimit>;
