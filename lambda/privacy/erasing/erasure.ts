import type { ErasureState, SubjectName } from '../../contracts/values/erasure';
import { type KeyRef, subjectOf } from '../../contracts/values/sealed';
import type { Tenant } from '../../kernel/tenant';

/** Who is erased. A guest is known by the keyed hash of the address, until the erasure has ended. */
export type Person =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'guest'; readonly contact?: string | undefined };

/** The position of an order in a list by its time. */
export type OrderPosition = { readonly orderId: string; readonly createdAt: string };

/** What one pass over the person's orders has found so far. */
type Pass = {
  /** The last order that was handled. */
  readonly after?: OrderPosition | undefined;
  readonly erased: number;
  readonly keys: number;
  readonly open: number;
};

/**
 * An erasure. Its steps: the account of a user; passes over all orders, until none of them is open; the contacts of a
 * guest, by which the orders were found. Each step may be done again.
 */
export type Erasure = {
  readonly tenant: Tenant;
  readonly erasureId: string;
  readonly person: Person;
  readonly state: ErasureState;
  readonly step: 'account' | 'orders' | 'contacts';
  readonly pass: Pass;
  /** The user who asked for it. */
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly updatedAt: string;
  /** The number of open orders when it was requested. */
  readonly openAtRequest: number;
  /** The numbers of the last whole pass. */
  readonly open: number;
  readonly ordersErased: number;
  readonly orderKeys: number;
  readonly accountErased: boolean;
  /** Until when it waits for open orders. */
  readonly waitsUntil?: string | undefined;
  readonly waits: number;
  /** When the sweep handles it. Missing once it has ended. */
  readonly dueAt?: string | undefined;
  readonly erasedAt?: string | undefined;
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
  /** Who asked, unless it is the person. */
  readonly actor?: string | undefined;
  readonly version: number;
  /** Only the first version is published. */
  readonly fact?: { readonly type: 'ErasureRequested' } | undefined;
};

export type ErasureKey = Pick<Erasure, 'tenant' | 'erasureId'>;

/** An erased order or user: the row that is kept for good, with the keys to destroy again after a restore. */
export type ErasedSubject = {
  readonly tenant: Tenant;
  readonly subject: SubjectName;
  readonly erasureId: string;
  readonly refs: readonly KeyRef[];
  readonly erasedAt: string;
  readonly correlationId: string;
};

const leaseSeconds = 60; // after which the sweep takes over from whoever did the last step
const firstWaitSeconds = 60;
const longestWaitSeconds = 3600;

const secondsAfter = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

const newPass: Pass = { erased: 0, keys: 0, open: 0 };

type Request = Pick<
  Erasure,
  'tenant' | 'erasureId' | 'person' | 'requestedBy' | 'openAtRequest' | 'correlationId' | 'traceparent'
>;

/** Returns the first version of an erasure. */
export const newErasure = (request: Request, now: Date): Erasure => {
  const { person, requestedBy, openAtRequest } = request;
  const isOwn = person.kind === 'user' && person.userId === requestedBy;
  return {
    ...request,
    state: 'REQUESTED',
    step: person.kind === 'user' ? 'account' : 'orders',
    pass: newPass,
    requestedAt: now.toISOString(),
    updatedAt: now.toISOString(),
    open: openAtRequest,
    ordersErased: 0,
    orderKeys: 0,
    accountErased: false,
    waits: 0,
    dueAt: secondsAfter(now, leaseSeconds),
    actor: isOwn ? undefined : requestedBy,
    version: 1,
    fact: { type: 'ErasureRequested' },
  };
};

/** Returns whether the next step may be done now. */
export const isDue = ({ state, waitsUntil }: Erasure, now: Date): boolean =>
  state !== 'ERASED' && (waitsUntil === undefined || waitsUntil <= now.toISOString());

const evolve = (erasure: Erasure, change: Partial<Erasure>, now: Date): Erasure => ({
  ...erasure,
  waitsUntil: undefined,
  dueAt: secondsAfter(now, leaseSeconds),
  ...change,
  updatedAt: now.toISOString(),
  version: erasure.version + 1,
  fact: undefined,
});

/** Returns the erasure after the account and the key of the user are gone. */
export const withoutAccount = (erasure: Erasure, now: Date): Erasure =>
  evolve(erasure, { step: 'orders', accountErased: true }, now);

/** Returns the ended erasure. It no longer knows by what the guest was found. */
const ended = (erasure: Erasure, change: Partial<Erasure>, now: Date): Erasure => {
  const { person } = erasure;
  const nobody: Person = person.kind === 'guest' ? { kind: 'guest' } : person;
  const end = {
    state: 'ERASED',
    person: nobody,
    pass: newPass,
    dueAt: undefined,
    erasedAt: now.toISOString(),
  } as const;
  return evolve(erasure, { ...change, ...end }, now);
};

const waiting = (erasure: Erasure, change: Partial<Erasure>, now: Date): Erasure => {
  const seconds = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** erasure.waits);
  const until = secondsAfter(now, seconds);
  const wait = { state: 'WAITING', pass: newPass, waits: erasure.waits + 1, waitsUntil: until, dueAt: until } as const;
  return evolve(erasure, { ...change, ...wait }, now);
};

/** What was done with a page of orders. `next` is missing after the last page. */
export type PageDone = Omit<Pass, 'after'> & { readonly next?: OrderPosition | undefined };

/** Returns the erasure after a page of orders. After the last page it waits if an order is open. */
export const afterOrders = (erasure: Erasure, page: PageDone, now: Date): Erasure => {
  const { pass, person } = erasure;
  const sum = { erased: pass.erased + page.erased, keys: pass.keys + page.keys, open: pass.open + page.open };
  if (page.next !== undefined) return evolve(erasure, { pass: { ...sum, after: page.next } }, now);
  const counts = { open: sum.open, ordersErased: sum.erased, orderKeys: sum.keys };
  if (sum.open > 0) return waiting(erasure, counts, now);
  if (person.kind === 'guest') return evolve(erasure, { ...counts, step: 'contacts', pass: newPass }, now);
  return ended(erasure, counts, now);
};

/** Returns the erasure after the orders of a page are no longer found by the guest's address. */
export const afterContacts = (erasure: Erasure, next: OrderPosition | undefined, now: Date): Erasure =>
  next === undefined ? ended(erasure, {}, now) : evolve(erasure, { pass: { ...newPass, after: next } }, now);

/** Returns the keys of an order: those of its row, and the one of its name. */
export const keysOfOrder = ({ orderId, refs }: { readonly orderId: string; readonly refs: readonly KeyRef[] }) => [
  ...refs,
  { keys: subjectOf.order(orderId), number: 0 },
];

/** Returns the only key of a user. */
export const keysOfUser = (userId: string): KeyRef[] => [{ keys: subjectOf.user(userId), number: 0 }];
