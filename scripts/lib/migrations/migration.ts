/** How much was looked at, and how much of it was not yet as the migration makes it. */
export type Count = { readonly seen: number; readonly found: number };

/** Where a page begins, and what it does. */
export type Position = {
  /** Where the page before it ended; undefined at the beginning. */
  readonly cursor: string | undefined;
  /** Whether it only counts. */
  readonly dryRun: boolean;
  /** What was last changed before this time is as the migration makes it, and need not be read. */
  readonly unchangedSince?: string | undefined;
};

/** One page of a migration. `next` is undefined on the last one. */
export type Page = Count & { readonly next?: string | undefined };

/** A change of what a service has stored. */
export type Migration = {
  readonly service: string;
  readonly number: number;
  /** `personal data sealed`. */
  readonly title: string;
  /** What it counts: `rows`. */
  readonly of: string;
  /**
   * Works on one page. It may be repeated at any time, also beside itself and while the system writes: what is as it
   * shall be it leaves alone, and what somebody else has changed meanwhile is for another pass.
   */
  readonly page: (at: Position) => Promise<Page>;
};

export const nameOf = ({ service, number }: Pick<Migration, 'service' | 'number'>): string => `${service} ${number}`;
