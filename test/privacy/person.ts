import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { KeyService } from '../../lambda/kernel/sealing/key-service';
import { trustedTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import { orderStore } from '../../lambda/order/order.store';
import { findPersonalOrders } from '../../lambda/order/personal/find-personal-orders';
import { contactOf, openPersonal, sealPersonal } from '../../lambda/order/personal/personal';
import { personalOrderStore } from '../../lambda/order/personal/personal-orders.store';
import { advanceErasure } from '../../lambda/privacy/erasing/advance-erasure';
import { newErasure, type Person } from '../../lambda/privacy/erasing/erasure';
import { erasureStore } from '../../lambda/privacy/erasing/erasure.store';
import { sweepErasures } from '../../lambda/privacy/erasing/sweep-erasures';
import { eraseUserGateway, ordersGateway } from '../../lambda/privacy/services.gateway';
import { findOpenReturns } from '../../lambda/return/find-open-returns';
import { returnStore } from '../../lambda/return/return.store';
import { type Command, interrupted, memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { memoryKeyRing, memoryKeyService } from '../support/key-ring';
import { placedOrder } from '../support/orders';

export const tenant = trustedTenant('shop-a');
export const email = 'taro@example.com';

/** What a delivered order is like. */
export const delivered = { status: 'DELIVERED', stockStatus: 'DEDUCTED', dueAt: undefined } as const;

const overTheWire = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

type Hooks = {
  before?: ((command: Command) => unknown) | undefined;
  after?: ((command: Command) => unknown) | undefined;
  /** Before a call to another service or to the key service. */
  call?: ((name: string) => unknown) | undefined;
};

/** The services that know a person, with their real stores over tables in memory. `hooks` may make a call fail. */
export const openShop = () => {
  const clock = { now: new Date('2026-11-22T08:00:00.000Z') };
  const now = () => clock.now;
  const hooks: Hooks = {};
  const memory = memoryDynamoDb();
  const db = interrupted(memory.db, {
    before: (command) => hooks.before?.(command),
    after: (command) => hooks.after?.(command),
  });
  const kms = memoryKeyService();
  const keyService: KeyService = {
    generate: async (...given) => {
      await hooks.call?.('kms');
      return kms.generate(...given);
    },
    unwrap: async (...given) => {
      await hooks.call?.('kms');
      return kms.unwrap(...given);
    },
  };
  const newKeys = () => memoryKeyRing({ db, keyService, now });
  const keys = newKeys();
  const orders = orderStore('orders', db);
  const returns = returnStore('returns', db);
  const erasures = erasureStore('erasures', db);
  const asked = findPersonalOrders({ orders, lists: personalOrderStore('orders', db), keys });
  const openReturns = findOpenReturns(returns);
  const service = (name: string, handle: (query: unknown) => Promise<unknown>) => async (query: unknown) => {
    await hooks.call?.(name);
    return overTheWire(await handle(overTheWire(query)));
  };
  const deletedUsers: string[] = [];
  const gateway = ordersGateway(service('orders', asked), service('returns', openReturns));
  const eraseUser = eraseUserGateway(
    service('identity', async (request) => {
      deletedUsers.push(JSON.stringify(request));
      return { erased: true };
    }),
  );
  const deps = { erasures, orders: gateway, keys, eraseUser, now };

  const place = async (orderId: string, change: Partial<Order> = {}, address = email): Promise<Order> => {
    const personal = { customerEmail: address, shippingAddress: { street: '千代田1-1', city: '東京', country: 'JP' } };
    const order = placedOrder({ tenant, orderId, createdAt: '2026-11-21T08:00:00.000Z', ...change });
    const key = await keys.next(order.tenant);
    const contact = order.ownerId === undefined ? await contactOf(keys, order.tenant, address) : undefined;
    const stored = { ...order, ...sealPersonal(key, order, personal), contact };
    await orders.place(stored);
    return stored;
  };

  const request = async (person: Person, requestedBy = 'user-1') => {
    const erasureId = `ERA-${randomUUID()}`;
    const erasure = newErasure(
      { tenant, erasureId, person, requestedBy, openAtRequest: 0, correlationId: 'correlation-1' },
      now(),
    );
    await erasures.request(erasure);
    return { tenant, erasureId };
  };

  return {
    clock,
    hooks,
    memory,
    db,
    deps,
    keys,
    newKeys,
    orders,
    returns,
    erasures,
    deletedUsers,
    asked,
    place,
    request,
    run: advanceErasure(deps),
    sweep: () => sweepErasures(deps),
    pass: (seconds: number) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    guest: async (address = email): Promise<Person> => ({
      kind: 'guest',
      contact: await contactOf(keys, tenant, address),
    }),
    /** What can be read of an order by a function that has cached nothing. */
    read: async (orderId: string, of = tenant) => {
      const order = await orders.get({ tenant: of, orderId });
      if (order === undefined) throw new Error(`no order ${orderId}`);
      return openPersonal(newKeys(), order);
    },
    /** Everything in the table of erasures. */
    rows: async (): Promise<Record<string, unknown>[]> => {
      const { Items = [] } = await memory.db.send(new ScanCommand({ TableName: 'erasures' }));
      return Items;
    },
  };
};

export type Shop = ReturnType<typeof openShop>;
