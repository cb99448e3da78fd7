import { unsealed } from '../../lambda/contracts/values/sealed';
import type { KeyRing } from '../../lambda/kernel/sealing/key-ring';
import type { MailedEvent } from '../../lambda/notification/mail';
import { notificationStore } from '../../lambda/notification/notification.store';
import { notifyCustomers } from '../../lambda/notification/notify-customer';
import type { Order } from '../../lambda/order/domain/order';
import { changed } from '../../lambda/order/domain/order-change';
import { updateStatus } from '../../lambda/order/domain/order-commands';
import { orderEvent } from '../../lambda/order/domain/order-event';
import { openPersonal } from '../../lambda/order/personal/personal';
import { advanceErasure } from '../../lambda/privacy/erasing/advance-erasure';
import type { ErasureKey } from '../../lambda/privacy/erasing/erasure';
import { sweepErasures } from '../../lambda/privacy/erasing/sweep-erasures';
import { openReason, sealReason } from '../../lambda/return/reason';
import { noteDelivery, requestReturn } from '../../lambda/return/request-return';
import { updateReturn } from '../../lambda/return/return';
import { type Random, seededRandom } from '../simulation/random';
import { noMailLimit } from '../support/mail-limit';
import { findTexts } from '../support/spellings';
import { openShop, tenant } from './person';

/** What may be wrong with the system on purpose. */
export type Bug =
  | 'a key is not destroyed'
  | 'the key of the order alone is destroyed'
  | 'the key of the subject alone is destroyed'
  | 'a function keeps keys for ever'
  | 'a copy is kept as it was opened'
  | 'a field is stored without a mark'
  | 'open orders are erased, too';

class BrokenPromise extends Error {}

const broken = (what: string): never => {
  throw new BrokenPromise(what);
};

const timeouts = { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 60 };
const mailed = /^Order(Placed|Cancelled|Shipped|Delivered|AwaitingPayment)\.v2$/;
const stockAt = { PROCESSING: 'RESERVED', SHIPPED: 'DEDUCTED', DELIVERED: 'DEDUCTED', CANCELLED: 'RELEASED' } as const;
const onwards = { CONFIRMED: 'PROCESSING', PROCESSING: 'SHIPPED', SHIPPED: 'DELIVERED' } as const;
const isFinal = ({ status }: Order) => status === 'DELIVERED' || status === 'CANCELLED';

/** Who orders: two users, one of them twice as often, and guests, one of whom writes the address in two ways. */
const people = [
  { ownerId: 'user-1', address: 'ada-kanarie@example.com' },
  { ownerId: 'user-1', address: 'ada-kanarie@example.com' },
  { ownerId: 'user-2', address: 'eve-kanarie@example.com' },
  { address: 'gast-kanarie@example.com' },
  { address: 'GAST-Kanarie@example.com' },
  { address: 'other-kanarie@example.com' },
] as const;
type Ordering = (typeof people)[number];

type Placed = { readonly orderId: string; readonly person: Ordering; readonly total: number; readonly at: string };
type Asked = { readonly key: ErasureKey; readonly person: Ordering; readonly at: string };

const isSame = (one: Ordering, other: Ordering) =>
  'ownerId' in one
    ? 'ownerId' in other && one.ownerId === other.ownerId
    : !('ownerId' in other) && one.address.toLowerCase() === other.address.toLowerCase();

/** A shop in which people order, give back and are erased in any order, while keys cannot be read at times. */
class ErasureRun {
  readonly shop = openShop();
  readonly random: Random;
  readonly placed: Placed[] = [];
  readonly asked: Asked[] = [];
  readonly events: MailedEvent[] = [];
  readonly mails: { readonly to: string; readonly orderId: string; readonly at: Date }[] = [];
  private kmsDown = false;
  private readonly warm: KeyRing;

  constructor(
    seed: number,
    private readonly bug: Bug | undefined,
  ) {
    this.random = seededRandom(seed);
    this.warm = this.bug === 'a function keeps keys for ever' ? this.frozenKeys() : this.shop.newKeys();
    this.shop.hooks.call = (name) => {
      if (name === 'kms' && this.kmsDown) throw new Error('KMS is down');
    };
  }

  private get now() {
    return this.shop.clock.now;
  }

  /** Keys that were opened once stay open, as in a cache without an end. */
  private frozenKeys(): KeyRing {
    const keys = this.shop.newKeys();
    const known = new Map<string, string>();
    return {
      ...keys,
      open: async (text, place) => {
        const opened = known.get(text) ?? (await keys.open(text, place));
        if (opened !== undefined) known.set(text, opened);
        return opened;
      },
    };
  }

  private readonly order = async (orderId: string): Promise<Order> =>
    (await this.shop.orders.get({ tenant, orderId })) ?? broken(`${orderId} is gone`);

  private readonly save = async (next: Order) => {
    if (!(await this.shop.orders.save(next))) broken(`${next.orderId} was not saved`);
    this.tell(next);
  };

  private tell(order: Order) {
    const event = orderEvent(order);
    if (event !== undefined && mailed.test(event.type)) this.events.push(event as MailedEvent);
  }

  /** Does what may fail while the key service is down. */
  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.kmsDown || !(error instanceof Error) || error.message !== 'KMS is down') throw error;
    }
  }

  private readonly place = async () => {
    const person = this.random.pick(people);
    if ('ownerId' in person && this.asked.some((one) => isSame(one.person, person))) return; // the account is gone
    const orderId = `ORD-${String(this.placed.length + 1).padStart(6, '0')}`;
    const createdAt = this.now.toISOString();
    const owner = 'ownerId' in person ? { ownerId: person.ownerId, customerId: person.ownerId } : {};
    const order = await this.shop.place(orderId, { createdAt, updatedAt: createdAt, ...owner }, person.address);
    if (this.bug === 'a field is stored without a mark')
      await this.shop.orders.save({
        ...order,
        version: 2,
        shippingAddress: unsealed(JSON.stringify({ street: person.address, city: '東京', country: 'JP' })),
      });
    this.placed.push({ orderId, person, total: order.total, at: createdAt });
    this.tell(order);
  };

  private readonly confirm = (order: Order) => {
    const fact = { type: 'OrderConfirmed', previousStatus: 'PENDING' } as const;
    const context = { cause: { at: this.now }, timeouts };
    return this.save(changed(order, { status: 'CONFIRMED', stockStatus: 'RESERVED' }, fact, context));
  };

  private readonly move = async ({ orderId }: Placed) => {
    const order = await this.order(orderId);
    if (isFinal(order)) return;
    if (order.status === 'PENDING') return this.confirm(order);
    const mayEnd = this.random.chance(0.2) && order.status !== 'SHIPPED';
    const wanted = mayEnd ? 'CANCELLED' : onwards[order.status as keyof typeof onwards];
    const decided = updateStatus(order, { status: wanted }, { cause: { at: this.now }, timeouts });
    if (!decided.accepted) return broken(`${orderId} was not ${wanted}`);
    const moved = { ...decided.fact, stockStatus: stockAt[wanted], dueAt: undefined } as Order;
    await this.save(moved);
    const event = orderEvent(moved);
    if (event?.type === 'OrderDelivered.v2') await noteDelivery(this.shop.returns)(event);
  };

  private readonly giveBack = async ({ orderId }: Placed) => {
    const order = await this.shop.returns.order(tenant, orderId);
    if (order === undefined || order.returns > 0) return;
    const reason = await sealReason(this.shop.newKeys(), order, `kanarie-reason of ${orderId}`);
    const items = order.lines.map(({ productId }) => ({ productId, quantity: 1 }));
    const terms = { now: this.now, reason, windowDays: 30, correlationId: 'c' };
    const decided = requestReturn(order, { items }, terms);
    if (decided.accepted) await this.shop.returns.request(decided.fact.requested, decided.fact.order);
  };

  private readonly settle = async ({ orderId }: Placed) => {
    const order = await this.shop.returns.order(tenant, orderId);
    const given = order && (await this.shop.returns.get(tenant, `RET-${orderId.slice(4)}-1`));
    if (order === undefined || given === undefined) return;
    const status = given.status === 'REQUESTED' ? 'APPROVED' : 'COMPLETED';
    const decided = updateReturn(given, order, { at: this.now, status });
    if (decided.accepted) await this.shop.returns.save(decided.fact.next, decided.fact.order);
  };

  private readonly ask = async () => {
    const { person } = this.random.pick(this.placed);
    const whom =
      'ownerId' in person ? ({ kind: 'user', userId: person.ownerId } as const) : await this.shop.guest(person.address);
    const key = await this.shop.request(whom);
    const isNew = (await this.shop.erasures.get(key)) !== undefined; // else one that has not ended stands for it
    if (isNew) this.asked.push({ key, person, at: this.now.toISOString() });
  };

  private get deps() {
    const { deps } = this.shop;
    const destroy: KeyRing['destroy'] = async (of, ref) => {
      const isNamed = ref.keys.includes('~');
      if (this.bug === 'a key is not destroyed') return true;
      if (this.bug === 'the key of the order alone is destroyed' && isNamed) return true;
      if (this.bug === 'the key of the subject alone is destroyed' && !isNamed) return true;
      return deps.keys.destroy(of, ref);
    };
    const page: typeof deps.orders.page = async (selection) => {
      const found = await deps.orders.page(selection);
      if (this.bug !== 'open orders are erased, too') return found;
      return { ...found, orders: found.orders.map((order) => ({ ...order, isOpen: false })) };
    };
    return { ...deps, keys: { destroy }, orders: { ...deps.orders, page } };
  }

  private readonly advance = async () => {
    await advanceErasure(this.deps)(this.random.pick(this.asked).key);
  };

  /** A message comes, perhaps again, to a function that has cached keys or to one that has not. */
  private readonly mail = async (event = this.random.pick(this.events)) => {
    const keys = this.random.chance(0.7) ? this.warm : this.shop.newKeys();
    const store = notificationStore('notifications', this.shop.db);
    const copying: typeof store.record = async (all) =>
      store.record(all.map((one) => ({ ...one, recipient: unsealed(this.addressOf(one.orderId)) })));
    const record = this.bug === 'a copy is kept as it was opened' ? copying : store.record;
    const send = async ({ to }: { readonly to: string }) => {
      const { orderId } = event.data;
      this.mails.push({ to, orderId, at: this.now });
      return 'ses-1';
    };
    const notify = notifyCustomers({
      notifications: { ...store, record },
      keys,
      email: { send } as never,
      limit: noMailLimit,
      now: () => this.now,
    });
    for (const outcome of await notify([event])) if (outcome !== undefined) throw outcome;
  };

  private readonly addressOf = (orderId: string): string =>
    this.placed.find((one) => one.orderId === orderId)?.person.address ?? broken(`${orderId} was never placed`);

  private readonly step = async () => {
    const { random, shop } = this;
    if (random.chance(0.04)) this.kmsDown = !this.kmsDown;
    shop.pass(random.pick([1, 1, 5, 30, 61]));
    if (this.placed.length < 2 || random.chance(0.15)) return this.attempt(this.place);
    const placed = random.pick(this.placed);
    const acts: (() => Promise<unknown>)[] = [
      () => this.move(placed),
      () => this.move(placed),
      () => this.mail(),
      () => this.mail(),
      () => this.giveBack(placed),
      () => this.settle(placed),
      this.ask,
    ];
    if (this.asked.length > 0) acts.push(this.advance, this.advance, () => sweepErasures(this.deps));
    await this.attempt(random.pick(acts));
    if (!this.kmsDown) await this.checkOpen(placed);
  };

  /** An order that is not ended can be delivered. */
  private readonly checkOpen = async ({ orderId, person }: Placed) => {
    const order = await this.order(orderId);
    if (isFinal(order)) return;
    const { customerEmail } = await openPersonal(this.shop.newKeys(), order);
    if (customerEmail !== person.address) broken(`${orderId} is open, and its address is ${customerEmail}`);
  };

  private readonly drain = async () => {
    this.kmsDown = false;
    for (const placed of this.placed)
      for (let n = 0; n < 6; n += 1) {
        await this.move(placed);
        await this.settle(placed);
      }
    for (let n = 0; n < 12; n += 1) {
      this.shop.pass(3600);
      await sweepErasures(this.deps);
    }
    this.shop.pass(61);
    for (const event of this.events) await this.mail(event);
  };

  private readonly erasureOf = ({ person, at }: Placed) =>
    this.asked.find((one) => isSame(one.person, person) && ('ownerId' in person || at <= one.at));

  private readonly checkMails = async () => {
    for (const { to, orderId, at } of this.mails) {
      if (to !== this.addressOf(orderId)) broken(`a mail of ${orderId} went to ${to}`);
      const placed = this.placed.find((one) => one.orderId === orderId);
      const subject = await this.shop.erasures.erased(tenant, [`order~${orderId}`]);
      const erasedAt = Date.parse(subject[0]?.erasedAt ?? '9999-12-31');
      if (placed !== undefined && at.getTime() > erasedAt + 60_000) broken(`${orderId} was mailed after it was erased`);
    }
  };

  private readonly checkTotals = ({ total }: Placed, order: Order) => {
    if (order.total !== total || order.subtotal + order.tax !== order.total) broken('a total has changed');
  };

  private readonly readable = async ({ orderId }: Placed, order: Order) => {
    const keys = this.shop.newKeys();
    const given = await this.shop.returns.get(tenant, `RET-${orderId.slice(4)}-1`);
    const reason = given && (await openReason(keys, given));
    const { customerEmail, shippingAddress } = await openPersonal(keys, order);
    return { customerEmail, anything: customerEmail ?? shippingAddress ?? (reason === '-' ? undefined : reason) };
  };

  private readonly checkErased = async () => {
    for (const placed of this.placed) {
      const order = await this.order(placed.orderId);
      this.checkTotals(placed, order);
      const { customerEmail, anything } = await this.readable(placed, order);
      const isErased = this.erasureOf(placed) !== undefined;
      if (isErased && anything !== undefined) broken(`${placed.orderId} is erased and can be read`);
      if (!isErased && customerEmail !== placed.person.address) broken(`${placed.orderId} cannot be read any more`);
    }
    for (const { key } of this.asked)
      if ((await this.shop.erasures.get(key))?.state !== 'ERASED') broken(`${key.erasureId} has not ended`);
  };

  /** No text of anybody stands anywhere but sealed, whoever is erased. */
  private readonly checkStored = async () => {
    const rows = ['orders', 'returns', 'notifications', 'erasures', 'subject-keys'].flatMap((name) =>
      this.shop.memory.table(name).all(),
    );
    const bytes = Buffer.from(JSON.stringify([rows, this.events]));
    const stored = async function* () {
      yield { where: 'a row or an event', bytes };
    };
    const found = await findTexts(['kanarie', 'Kanarie', '千代田'], stored());
    if (found.length > 0) broken(`${found}`);
  };

  async run(): Promise<void> {
    for (let n = 0; n < 60; n += 1) await this.step();
    await this.drain();
    await this.checkStored();
    await this.checkErased();
    await this.checkMails();
  }
}

/** Runs one seed. Returns what broke, if anything. */
export const runErasures = async (seed: number, bug?: Bug): Promise<{ broken?: string; erasures: number }> => {
  const run = new ErasureRun(seed, bug);
  try {
    await run.run();
    return { erasures: run.asked.length };
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    return { broken: error.message, erasures: run.asked.length };
  }
};
