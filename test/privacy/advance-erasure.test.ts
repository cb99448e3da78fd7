import { subjectOf } from '../../lambda/contracts/values/sealed';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { sealPersonal } from '../../lambda/order/personal/personal';
import { erasureView } from '../../lambda/privacy/erasing/erasure-view';
import { deliveredMice, requestedMice } from '../support/returns';
import { delivered, email, openShop, type Shop, tenant } from './person';

const user = { kind: 'user', userId: 'user-1' } as const;
const owned = { ownerId: 'user-1', customerId: 'user-1' };

const certificate = async (shop: Shop, key: Awaited<ReturnType<Shop['request']>>) => {
  const erasure = await shop.erasures.get(key);
  if (erasure === undefined) throw new Error('no erasure');
  return erasureView(erasure);
};

/** An order whose row knows what the store changes of it. */
const finish = async ({ orders }: Shop, orderId: string) => {
  const order = await orders.get({ tenant, orderId });
  if (order === undefined) throw new Error(`no order ${orderId}`);
  await orders.save({ ...order, ...delivered, version: order.version + 1 });
};

describe('B-20 a user is erased', () => {
  test('with the account, its key, and the keys of every order', async () => {
    const shop = openShop();
    await shop.keys.named(tenant, subjectOf.user('user-1'));
    await shop.place('ORD-000001', { ...owned, ...delivered });
    await shop.place('ORD-000002', { ...owned, ...delivered });
    await shop.place('ORD-000003', { ...delivered, ownerId: 'user-2' });
    const key = await shop.request(user);
    expect(await shop.run(key)).toBe('erased');
    expect(shop.deletedUsers).toEqual([JSON.stringify({ tenantId: tenant, userId: 'user-1' })]);
    expect(await shop.newKeys().named(tenant, subjectOf.user('user-1'))).toBeUndefined();
    expect(await shop.newKeys().named(tenant, subjectOf.order('ORD-000001'))).toBeUndefined();
    expect(await shop.read('ORD-000001')).toEqual({});
    expect(await shop.read('ORD-000002')).toEqual({});
    expect(await shop.read('ORD-000003')).toMatchObject({ customerEmail: email });
    expect(await certificate(shop, key)).toMatchObject({
      state: 'ERASED',
      waitingFor: 0,
      accountErased: true,
      ordersErased: 2,
      keysDestroyed: 5,
      erasedAt: shop.clock.now.toISOString(),
    });
  });

  test('also one without orders, and one whose orders fill several pages', async () => {
    const shop = openShop();
    expect(await shop.run(await shop.request({ kind: 'user', userId: 'nobody' }))).toBe('erased');
    for (let n = 1; n <= 120; n += 1)
      await shop.place(`ORD-${String(n).padStart(6, '0')}`, {
        ...owned,
        ...delivered,
        createdAt: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString(),
      });
    const key = await shop.request(user);
    expect(await shop.run(key)).toBe('erased');
    expect(await certificate(shop, key)).toMatchObject({ ordersErased: 120, keysDestroyed: 241 });
    expect(await shop.read('ORD-000120')).toEqual({});
  });

  test('with orders that staff place for them meanwhile, as the account is gone', async () => {
    const shop = openShop();
    const key = await shop.request(user);
    await shop.place('ORD-000001', { ...owned, ...delivered, createdAt: '2026-11-22T08:00:05.000Z' });
    expect(await shop.run(key)).toBe('erased');
    expect(await shop.read('ORD-000001')).toEqual({});
  });

  test('P8 and not somebody of another shop with the same ID', async () => {
    const shop = openShop();
    const other = trustedTenant('shop-b');
    await shop.place('ORD-000001', { ...owned, ...delivered, tenant: other });
    expect(await shop.run(await shop.request(user))).toBe('erased');
    expect(await shop.read('ORD-000001', other)).toMatchObject({ customerEmail: email });
  });
});

describe('B-20 a guest is erased', () => {
  test('with all orders of the address up to the request, however it was written; a later one stays', async () => {
    const shop = openShop();
    await shop.place('ORD-000001', delivered);
    await shop.place('ORD-000002', delivered, 'TARO@example.com');
    await shop.place('ORD-000003', { ...delivered, createdAt: '2026-11-22T08:00:00.000Z' });
    await shop.place('ORD-000004', { ...delivered, ownerId: 'user-2' });
    await shop.place('ORD-000005', delivered, 'jiro@example.com');
    const key = await shop.request(await shop.guest(), 'staff-1');
    await shop.place('ORD-000006', { ...delivered, createdAt: '2026-11-22T08:00:00.001Z' });
    expect(await shop.run(key)).toBe('erased');
    for (const orderId of ['ORD-000001', 'ORD-000002', 'ORD-000003']) {
      expect(await shop.read(orderId)).toEqual({});
      expect((await shop.orders.get({ tenant, orderId }))?.contact).toBeUndefined();
    }
    for (const orderId of ['ORD-000004', 'ORD-000005', 'ORD-000006'])
      expect((await shop.read(orderId)).customerEmail).toBeDefined();
    expect(await certificate(shop, key)).toMatchObject({ accountErased: false, ordersErased: 3, keysDestroyed: 6 });
    expect(shop.deletedUsers).toEqual([]);
    const again = await shop.request(await shop.guest(), 'staff-1');
    expect(await shop.run(again)).toBe('erased');
    expect(await certificate(shop, again)).toMatchObject({ ordersErased: 0 }); // placed after the request
    shop.pass(1);
    const later = await shop.request(await shop.guest(), 'staff-1');
    await shop.run(later);
    expect(await certificate(shop, later)).toMatchObject({ ordersErased: 1 });
    expect(await shop.read('ORD-000006')).toEqual({});
  });

  test('and the table of erasures then knows neither an address nor by what it was found', async () => {
    const shop = openShop();
    await shop.place('ORD-000001', delivered);
    const guest = await shop.guest();
    const key = await shop.request(guest, 'staff-1');
    const hash = guest.kind === 'guest' ? String(guest.contact) : '';
    expect(JSON.stringify(await shop.rows())).toContain(hash);
    await shop.run(key);
    const rows = await shop.rows();
    expect(rows.map(({ erasureId }) => erasureId)).toEqual(
      expect.arrayContaining([`shop-a#${key.erasureId}`, 'shop-a#SUBJECT#order~ORD-000001']),
    );
    expect(rows).toHaveLength(2);
    for (const personal of [hash, email, 'taro', '千代田']) expect(JSON.stringify(rows)).not.toContain(personal);
  });
});

describe('B-20 what is open is finished first', () => {
  test.each([
    ['is not delivered', { status: 'SHIPPED', stockStatus: 'DEDUCTED' }],
    ['waits for its stock to come back', { status: 'CANCELLED', stockStatus: 'RESERVED' }],
    ['waits for its refund', { status: 'CANCELLED', stockStatus: 'RELEASED', paymentStatus: 'PAID' }],
  ] as const)('an order that %s is erased when it is', async (_what, state) => {
    const shop = openShop();
    await shop.place('ORD-000001', { ...owned, ...delivered });
    await shop.place('ORD-000002', { ...owned, ...state });
    const key = await shop.request(user);
    expect(await shop.run(key)).toBe('waiting');
    expect(await shop.read('ORD-000001')).toEqual({});
    expect(await shop.read('ORD-000002')).toMatchObject({ customerEmail: email });
    expect(await certificate(shop, key)).toMatchObject({ state: 'WAITING', waitingFor: 1, ordersErased: 1 });
    await finish(shop, 'ORD-000002');
    expect(await shop.run(key)).toBe('waiting'); // not yet due
    shop.pass(60);
    expect(await shop.run(key)).toBe('erased');
    expect(await shop.read('ORD-000002')).toEqual({});
    expect(await certificate(shop, key)).toMatchObject({ waitingFor: 0, ordersErased: 2, keysDestroyed: 5 });
  });

  test('an order with an open return is erased when that has ended', async () => {
    const shop = openShop();
    await shop.place('ORD-000001', { ...owned, ...delivered });
    await shop.returns.note(deliveredMice({ tenant }));
    const order = { ...deliveredMice({ tenant }), returns: 1, version: 2 };
    await shop.returns.request(requestedMice({ tenant }), order);
    const key = await shop.request(user);
    for (const status of ['REQUESTED', 'APPROVED'] as const) {
      if (status === 'APPROVED') await shop.returns.save(requestedMice({ tenant, status, version: 2 }));
      expect(await shop.run(key)).toBe('waiting');
      expect(await shop.read('ORD-000001')).toMatchObject({ customerEmail: email });
      shop.pass(3600);
    }
    await shop.returns.save(requestedMice({ tenant, status: 'COMPLETED', version: 3 }));
    expect(await shop.run(key)).toBe('erased');
    expect(await shop.read('ORD-000001')).toEqual({});
  });

  test('text from before sealing is not certified as erased: it waits until it is sealed', async () => {
    const shop = openShop();
    const { orderId } = await shop.place('ORD-000001', { ...owned, ...delivered });
    const order = await shop.orders.get({ tenant, orderId });
    if (order === undefined) throw new Error('no order');
    const plain = { ...order, customerEmail: `plain.${Buffer.from(email).toString('base64url')}` as never };
    await shop.orders.save({ ...plain, version: 2 });
    const key = await shop.request(user);
    expect(await shop.run(key)).toBe('waiting');
    const sealed = sealPersonal(await shop.keys.next(tenant), order, { customerEmail: email });
    await shop.orders.save({ ...order, ...sealed, version: 3 });
    shop.pass(60);
    expect(await shop.run(key)).toBe('erased');
    expect(await shop.read(orderId)).toEqual({});
  });

  test('the waits are a minute, then twice as long each, up to an hour', async () => {
    const shop = openShop();
    await shop.place('ORD-000001', owned);
    const key = await shop.request(user);
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      await shop.run(key);
      const { dueAt = '' } = (await shop.erasures.get(key)) ?? {};
      waits.push((Date.parse(dueAt) - shop.clock.now.getTime()) / 60_000);
      shop.clock.now = new Date(dueAt);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });
});

describe('B-20 an erasure survives whatever happens to its worker', () => {
  /** A user with an ended and an open order, and a guest with two ended ones. */
  const people = async () => {
    const shop = openShop();
    await shop.place('ORD-000001', { ...owned, ...delivered });
    await shop.place('ORD-000002', owned);
    await shop.place('ORD-000003', delivered);
    await shop.place('ORD-000004', delivered);
    const keys = [await shop.request(user), await shop.request(await shop.guest(), 'staff-1')];
    return { shop, keys };
  };

  /** Goes on like the queue and the sweep do, until nothing is left to do. */
  const goOn = async (shop: Shop, keys: Awaited<ReturnType<typeof people>>['keys']) => {
    const run = () => Promise.allSettled(keys.map((key) => shop.run(key)));
    for (let n = 0; n < 3; n += 1) await run();
    await finish(shop, 'ORD-000002');
    for (let n = 0; n < 3; n += 1) {
      shop.pass(3600);
      await shop.sweep();
    }
  };

  const expectErased = async (shop: Shop, keys: Awaited<ReturnType<typeof people>>['keys']) => {
    for (const orderId of ['ORD-000001', 'ORD-000002', 'ORD-000003', 'ORD-000004']) {
      expect(await shop.read(orderId)).toEqual({});
      expect((await shop.orders.get({ tenant, orderId }))?.contact).toBeUndefined();
    }
    const views = await Promise.all(keys.map((key) => certificate(shop, key)));
    expect(views).toMatchObject([
      { state: 'ERASED', accountErased: true, ordersErased: 2, keysDestroyed: 5, waitingFor: 0 },
      { state: 'ERASED', accountErased: false, ordersErased: 2, keysDestroyed: 4, waitingFor: 0 },
    ]);
    const rows = await shop.rows();
    expect(rows.filter(({ erasureId }) => String(erasureId).includes('#ACTIVE#'))).toEqual([]);
    expect(rows.filter(({ erasureId }) => String(erasureId).includes('#SUBJECT#'))).toHaveLength(5);
  };

  const broken = () => {
    throw new Error('it is down');
  };

  test.each(['before', 'after', 'call'] as const)(
    'killed %s any one of its calls',
    async (moment) => {
      let calls = 0;
      {
        const { shop, keys } = await people();
        shop.hooks[moment] = () => {
          calls += 1;
        };
        await goOn(shop, keys);
        await expectErased(shop, keys);
      }
      expect(calls).toBeGreaterThan(10);
      for (let failing = 0; failing < calls; failing += 1) {
        const { shop, keys } = await people();
        let call = 0;
        shop.hooks[moment] = () => {
          call += 1;
          if (call === failing + 1) broken();
        };
        await goOn(shop, keys).catch(() => undefined);
        shop.hooks[moment] = undefined;
        await goOn(shop, keys);
        await expectErased(shop, keys);
      }
    },
    60_000,
  );

  test('done by several workers at once, and again afterwards', async () => {
    const { shop, keys } = await people();
    const all = keys.flatMap((key) => [key, key, key]);
    const outcomes = await Promise.all(all.map((key) => shop.run(key)));
    expect(outcomes).toContain('elsewhere');
    await goOn(shop, keys);
    expect(await Promise.all(all.map((key) => shop.run(key)))).toEqual(all.map(() => 'erased'));
    await expectErased(shop, keys);
  });

  test.each(['identity', 'orders', 'returns'])('while %s does not answer: nothing is lost', async (name) => {
    const { shop, keys } = await people();
    shop.hooks.call = (called) => called === name && broken();
    await expect(shop.run(keys[name === 'identity' ? 0 : 1] as (typeof keys)[0])).rejects.toThrow('it is down');
    shop.pass(60);
    expect((await shop.sweep()).failed.length).toBeGreaterThan(0);
    shop.hooks.call = undefined;
    await goOn(shop, keys);
    await expectErased(shop, keys);
  });

  test('destroying needs no key service: what KMS cannot open can still be erased', async () => {
    const { shop, keys } = await people();
    shop.hooks.call = (called) => called === 'kms' && broken();
    await goOn(shop, keys);
    shop.hooks.call = undefined;
    await expectErased(shop, keys);
  });

  test('stopped when its time is up: the sweep goes on', async () => {
    const { shop, keys } = await people();
    const [key] = keys as [(typeof keys)[0]];
    shop.hooks.call = (called) => called === 'identity' && shop.pass(30);
    expect(await shop.run(key)).toBe('paused');
    shop.hooks.call = undefined;
    shop.pass(60);
    expect((await shop.sweep()).outcomes).toMatchObject({ waiting: 1 });
  });

  test('a row that cannot be read is left for an hour and stops no other', async () => {
    const { shop, keys } = await people();
    const [first] = (await shop.rows()).filter(({ erasureId }) => erasureId === `shop-a#${keys[0]?.erasureId}`);
    shop.memory.table('erasures').put({ ...first, state: 'UNHEARD-OF' } as never);
    shop.pass(60);
    const { unfit, failed, outcomes } = await shop.sweep();
    expect([unfit, failed.length, outcomes]).toEqual([1, 1, { erased: 1 }]);
    expect((await shop.sweep()).unfit).toBe(0);
  });

  test('of an erasure that is not there it knows nothing', async () => {
    expect(await openShop().run({ tenant, erasureId: 'ERA-unknown' })).toBe('unknown');
  });
});

test('B-20 one event is published for each erased subject, and one for the request; none says who', async () => {
  const { privacyEvent } = await import('../../lambda/privacy/erasing/privacy-event');
  const { ErasureRequested, SubjectErased } = await import('../../lambda/contracts/events/privacy-events');
  const { hasNewFact } = await import('../../lambda/kernel/events/stream-relay');
  const shop = openShop();
  await shop.place('ORD-000001', { ...owned, ...delivered });
  const key = await shop.request(user);
  const [before] = (await shop.rows()).filter(({ fact }) => fact !== undefined);
  await shop.run(key);
  const after = (await shop.rows()).filter((row) => hasNewFact({ after: row }));
  const events = [before, ...after].map((row) => privacyEvent(row as Record<string, unknown>));
  const requested = ErasureRequested.parse(events.find(({ type }) => type === 'ErasureRequested.v1'));
  expect(requested).toMatchObject({ id: `shop-a/${key.erasureId}:1`, data: { subjectKind: 'user' } });
  expect(requested.actor).toBeUndefined();
  const erased = events.flatMap((event) => (event.type === 'SubjectErased.v1' ? [SubjectErased.parse(event)] : []));
  expect(erased.map(({ id, subject, data }) => [id, subject, data.subject]).sort()).toEqual([
    ['shop-a/order.ORD-000001:1', 'ORD-000001', 'order~ORD-000001'],
    ['shop-a/user.user-1:1', 'user-1', 'user~user-1'],
  ]);
  expect(JSON.stringify(events)).not.toContain(email);
});
