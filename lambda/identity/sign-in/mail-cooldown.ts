import { hashedName } from '../../kernel/http/rate-limit';
import type { Account } from './user-pool.gateway';

/** What mails of an account are about: an account gets those of one kind alone, before or after it is confirmed. */
export type MailKind = 'confirmation' | 'reset';

export type MailCooldownDeps = {
  /** False when it was started less than `ms` ago and has not been ended since. */
  readonly start: (bucket: string, ms: number, now: number) => Promise<boolean>;
  readonly end: (bucket: string) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
};

export const mailCooldownMs = 60_000;

/** How many mails a minute an address may be sent by all shops together. */
export const mailsOfAllShops = 5;

const bucketOf = (kind: MailKind, { tenant, email }: Account): string =>
  `${tenant}#mail#${kind}#${hashedName(tenant, email.toLowerCase())}`;

const sharedBucket = ({ email }: Account, place: number): string => `#mail#${place}#${hashedName(email.toLowerCase())}`;

/** Lets each address be mailed once a minute by a shop, or at once again after the code of the last mail was used. */
export const mailCooldown = ({ start, end, now }: MailCooldownDeps) => {
  /** One of the places that all shops share for an address. */
  const takePlace = async (account: Account): Promise<boolean> => {
    for (let place = 0; place < mailsOfAllShops; place += 1)
      if (await start(sharedBucket(account, place), mailCooldownMs, now())) return true;
    return false;
  };

  return {
    /** False when the address was mailed within the last minute. */
    start: async (kind: MailKind, account: Account): Promise<boolean> => {
      if (!(await start(bucketOf(kind, account), mailCooldownMs, now()))) return false;
      return takePlace(account);
    },

    /** Nothing was mailed, or its code has reached the owner of the address. */
    end: (kind: MailKind, account: Account): Promise<void> => end(bucketOf(kind, account)),
  };
};

export type MailCooldown = ReturnType<typeof mailCooldown>;
