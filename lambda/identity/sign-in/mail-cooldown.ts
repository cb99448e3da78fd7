import { hashedName } from '../../kernel/http/rate-limit';
import type { Account } from './log-in';

/** The purpose of a mail: `confirmation` before the account is confirmed, `reset` after that. */
export type MailKind = 'confirmation' | 'reset';

export type MailCooldownDeps = {
  /** Returns false when the cooldown was started less than `ms` ago and not ended since. */
  readonly start: (bucket: string, ms: number, now: number) => Promise<boolean>;
  readonly end: (bucket: string) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
};

const mailCooldownMs = 60_000;

/** How many mails a minute all shops together may send to one address. */
const mailsOfAllShops = 5;

const bucketOf = (kind: MailKind, { tenant, email }: Account): string =>
  `${tenant}#mail#${kind}#${hashedName(tenant, email.toLowerCase())}`;

const sharedBucket = ({ email }: Account, slot: number): string => `#mail#${slot}#${hashedName(email.toLowerCase())}`;

/** Limits each shop to one mail a minute per address, unless the code of the last mail was used. */
export const mailCooldown = ({ start, end, now }: MailCooldownDeps) => {
  /** Takes one of the slots that all shops share for an address. */
  const takeSlot = async (account: Account): Promise<boolean> => {
    for (let slot = 0; slot < mailsOfAllShops; slot += 1)
      if (await start(sharedBucket(account, slot), mailCooldownMs, now())) return true;
    return false;
  };

  return {
    /** Returns false when the address has reached its limit. */
    start: async (kind: MailKind, account: Account): Promise<boolean> => {
      if (!(await start(bucketOf(kind, account), mailCooldownMs, now()))) return false;
      return takeSlot(account);
    },

    /** Ends the cooldown: nothing was mailed, or the owner of the address has used the code. */
    end: (kind: MailKind, account: Account): Promise<void> => end(bucketOf(kind, account)),
  };
};

export type MailCooldown = ReturnType<typeof mailCooldown>;
