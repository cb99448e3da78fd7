import type { PersonalOrder } from '../../contracts/calls/privacy-calls';
import { type KeyRef, subjectOf } from '../../contracts/values/sealed';
import type { KeyRing } from '../../kernel/sealing/key-ring';
import type { Tenant } from '../../kernel/tenant';
import type { OrderSelection, OrdersGateway } from '../services.gateway';
import {
  afterContacts,
  afterOrders,
  type Erasure,
  type ErasureKey,
  isDue,
  keysOfOrder,
  keysOfUser,
  type PageDone,
  withoutAccount,
} from './erasure';
import type { ErasureStore } from './erasure.store';

export type AdvanceDeps = {
  readonly erasures: Pick<ErasureStore, 'get' | 'save' | 'putErased' | 'erased'>;
  readonly orders: Pick<OrdersGateway, 'page' | 'forgetContact'>;
  readonly keys: Pick<KeyRing, 'destroy'>;
  /** Deletes the account and the profile of a user. Repeating it changes nothing. */
  readonly eraseUser: (tenant: Tenant, userId: string) => Promise<void>;
  readonly now: () => Date;
};

/**
 * How a run has ended. `elsewhere`: another run has done the step meanwhile and goes on. `paused`: its time was up, and
 * the sweep goes on.
 */
export type AdvanceOutcome = 'erased' | 'waiting' | 'elsewhere' | 'paused' | 'unknown';

const runMs = 25_000;
const atOnce = 10;
const endOfTime = '9999-12-31T23:59:59.999Z';

/** Destroys the keys of a subject, then stores that it is erased. What fails between is done again. */
const eraseSubject = async (deps: AdvanceDeps, erasure: Erasure, subject: string, refs: readonly KeyRef[]) => {
  const { tenant, erasureId, correlationId } = erasure;
  for (const ref of refs) await deps.keys.destroy(tenant, ref);
  const erasedAt = deps.now().toISOString();
  await deps.erasures.putErased({ tenant, subject, erasureId, refs, erasedAt, correlationId });
};

const inTurns = async <Item>(items: readonly Item[], handle: (item: Item) => Promise<void>): Promise<void> => {
  for (let at = 0; at < items.length; at += atOnce) await Promise.all(items.slice(at, at + atOnce).map(handle));
};

/**
 * Orders of a guest that were placed after the request are not part of it. A user places none once the account is
 * erased, so all orders of a user are.
 */
const selectionOf = ({ tenant, person, requestedAt, pass }: Erasure): OrderSelection => {
  const { after } = pass;
  if (person.kind === 'user') return { tenant, of: { userId: person.userId }, until: endOfTime, after };
  if (person.contact === undefined) throw new Error('the erasure of a guest has no contact');
  return { tenant, of: { contact: person.contact }, until: requestedAt, after };
};

const eraseAccount = async (deps: AdvanceDeps, erasure: Erasure): Promise<Erasure> => {
  const { tenant, person } = erasure;
  if (person.kind !== 'user') throw new Error('a guest has no account');
  await deps.eraseUser(tenant, person.userId);
  await eraseSubject(deps, erasure, subjectOf.user(person.userId), keysOfUser(person.userId));
  return withoutAccount(erasure, deps.now());
};

/** Erases the ended orders of a page. The count of an order that was erased before is the one of then. */
const erasePage = async (deps: AdvanceDeps, erasure: Erasure, ended: readonly PersonalOrder[]): Promise<number> => {
  const names = ended.map(({ orderId }) => subjectOf.order(orderId));
  const known = new Map((await deps.erasures.erased(erasure.tenant, names)).map((one) => [one.subject, one.refs]));
  const refsOf = (order: PersonalOrder) => known.get(subjectOf.order(order.orderId)) ?? keysOfOrder(order);
  const left = ended.filter(({ orderId }) => !known.has(subjectOf.order(orderId)));
  await inTurns(left, (order) => eraseSubject(deps, erasure, subjectOf.order(order.orderId), refsOf(order)));
  return ended.reduce((sum, order) => sum + refsOf(order).length, 0);
};

const eraseOrders = async (deps: AdvanceDeps, erasure: Erasure): Promise<Erasure> => {
  const { orders, next } = await deps.orders.page(selectionOf(erasure));
  const ended = orders.filter(({ isOpen }) => !isOpen);
  const keys = await erasePage(deps, erasure, ended);
  const done: PageDone = { erased: ended.length, keys, open: orders.length - ended.length, next };
  return afterOrders(erasure, done, deps.now());
};

const forgetContacts = async (deps: AdvanceDeps, erasure: Erasure): Promise<Erasure> => {
  const { orders, next } = await deps.orders.page(selectionOf(erasure));
  await inTurns(orders, ({ orderId }) => deps.orders.forgetContact(erasure.tenant, orderId));
  return afterContacts(erasure, next, deps.now());
};

const steps = { account: eraseAccount, orders: eraseOrders, contacts: forgetContacts } as const satisfies Record<
  Erasure['step'],
  typeof eraseAccount
>;

const advanceFrom = async (deps: AdvanceDeps, start: Erasure): Promise<AdvanceOutcome> => {
  const { erasures, now } = deps;
  const until = now().getTime() + runMs;
  let erasure = start;
  while (isDue(erasure, now())) {
    if (now().getTime() >= until) return 'paused';
    const next: Erasure = await steps[erasure.step](deps, erasure);
    if (!(await erasures.save(erasure, next))) return 'elsewhere';
    erasure = next;
  }
  return erasure.state === 'ERASED' ? 'erased' : 'waiting';
};

/**
 * Does the steps of an erasure until it has ended, waits for an open order, or the time is up. It may be done twice and
 * by several at once. Throws when a table, a key or another service fails: the erasure goes on from the last stored
 * step.
 */
export const advanceErasure =
  (deps: AdvanceDeps) =>
  async (key: ErasureKey): Promise<AdvanceOutcome> => {
    const erasure = await deps.erasures.get(key);
    return erasure === undefined ? 'unknown' : advanceFrom(deps, erasure);
  };
