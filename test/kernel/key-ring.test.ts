import { type Sealed, sealedParts, unsealed } from '../../lambda/contracts/values/sealed';
import { seal } from '../../lambda/kernel/sealing/key-ring';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { interrupted, memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { memoryKeyRing, memoryKeyService } from '../support/key-ring';

const tenant = trustedTenant('shop-a');
const other = trustedTenant('shop-b');
const place = { tenant, subject: 'order~ORD-000001', field: 'customerEmail' };
const text = '山田 花子 <hanako@example.com>';

/** A table of keys that several functions share; each ring is one function. */
const keyTable = () => {
  const { db } = memoryDynamoDb();
  const keyService = memoryKeyService();
  const clock = { now: new Date('2026-12-01T00:00:00.000Z') };
  const calls = { table: 0, keyService: 0 };
  const counted = interrupted(db, {
    before: () => {
      calls.table += 1;
    },
  });
  const service = {
    generate: (one: typeof tenant) => {
      calls.keyService += 1;
      return keyService.generate(one);
    },
    unwrap: (one: typeof tenant, wrapped: string) => {
      calls.keyService += 1;
      return keyService.unwrap(one, wrapped);
    },
  };
  const ring = () => memoryKeyRing({ db: counted, keyService: service, now: () => clock.now });
  const pass = (ms: number) => {
    clock.now = new Date(clock.now.getTime() + ms);
  };
  return { ring, calls, pass, service };
};

const refOf = (sealed: Sealed) => {
  const { ref } = sealedParts(sealed);
  if (ref === undefined) throw new Error('it is not sealed');
  return ref;
};

describe('B-20 text about a person', () => {
  test('is opened by every function for the place that it was sealed for', async () => {
    const { ring } = keyTable();
    const sealed = seal(await ring().next(tenant), place, text);
    expect(sealed).toMatch(/^sealed\.[\w-]+\.0\.[\w-]+$/);
    expect(await ring().open(sealed, place)).toBe(text);
  });

  test.each([
    ['another field', { ...place, field: 'reason' }],
    ['another subject', { ...place, subject: 'order~ORD-000002' }],
  ])('opens as nothing else: %s', async (_what, wrong) => {
    const { ring } = keyTable();
    const sealed = seal(await ring().next(tenant), place, text);
    await expect(ring().open(sealed, wrong)).rejects.toThrow('cannot be opened');
  });

  test('P8 opens for no other tenant, even with the row of its key', async () => {
    const { db } = memoryDynamoDb();
    const ring = memoryKeyRing({ db });
    const sealed = seal(await ring.next(tenant), place, text);
    await ring.prepare(other);
    await expect(ring.open(sealed, { ...place, tenant: other })).rejects.toThrow('row of a subject key is missing');
  });

  test('a changed byte is noticed', async () => {
    const { ring } = keyTable();
    const sealed = seal(await ring().next(tenant), place, text);
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('A') ? 'B' : 'A'}A` as Sealed;
    await expect(ring().open(changed, place)).rejects.toThrow('cannot be opened');
  });

  test('of before sealing is read as it is', async () => {
    const { ring, calls } = keyTable();
    expect(await ring().open(unsealed(text), place)).toBe(text);
    expect(calls).toEqual({ table: 0, keyService: 0 });
  });

  test('two texts under one key have nothing in common that shows they are equal', async () => {
    const { ring } = keyTable();
    const key = await ring().next(tenant);
    expect(seal(key, place, text)).not.toBe(seal(key, place, text));
  });
});

describe('B-20 a destroyed key', () => {
  test('opens nothing: at once where it was destroyed, within a minute everywhere', async () => {
    const { ring, pass } = keyTable();
    const [one, elsewhere] = [ring(), ring()];
    const sealed = seal(await one.next(tenant), place, text);
    expect([await one.open(sealed, place), await elsewhere.open(sealed, place)]).toEqual([text, text]);
    expect(await one.destroy(tenant, refOf(sealed))).toBe(true);
    expect(await one.open(sealed, place)).toBeUndefined();
    pass(59_999);
    expect(await elsewhere.open(sealed, place)).toBe(text); // what its cache promises, and no more
    pass(1);
    expect(await elsewhere.open(sealed, place)).toBeUndefined();
  });

  test('leaves the other keys of its row', async () => {
    const { ring } = keyTable();
    const one = ring();
    const [first, second] = [await one.next(tenant), await one.next(tenant)].map((key) => seal(key, place, text));
    expect(refOf(first as Sealed).keys).toBe(refOf(second as Sealed).keys);
    await one.destroy(tenant, refOf(first as Sealed));
    expect(await ring().open(second as Sealed, place)).toBe(text);
  });

  test('is destroyed once, however often that is asked', async () => {
    const { ring } = keyTable();
    const one = ring();
    const sealed = seal(await one.next(tenant), place, text);
    expect(await one.destroy(tenant, refOf(sealed))).toBe(true);
    expect(await one.destroy(tenant, refOf(sealed))).toBe(false);
  });

  test('of a subject is not made again, also when it had not been made before', async () => {
    const { ring } = keyTable();
    const name = 'user~ada';
    expect(await ring().destroy(tenant, { keys: name, number: 0 })).toBe(false);
    expect(await ring().named(tenant, name)).toBeUndefined();
  });
});

describe('B-20 the key of a subject', () => {
  test('is the same for every function, also when two make it at once', async () => {
    const { ring } = keyTable();
    const made = await Promise.all([ring().named(tenant, 'user~ada'), ring().named(tenant, 'user~ada')]);
    const again = await ring().named(tenant, 'user~ada');
    expect(made.map((key) => key?.key.toString('hex'))).toEqual(
      [again?.key, again?.key].map((key) => key?.toString('hex')),
    );
  });

  test('differs from subject to subject and from tenant to tenant', async () => {
    const { ring } = keyTable();
    const one = ring();
    const keys = [
      await one.named(tenant, 'user~ada'),
      await one.named(tenant, 'user~eve'),
      await one.named(other, 'user~ada'),
    ];
    expect(new Set(keys.map((key) => key?.key.toString('hex'))).size).toBe(3);
  });
});

describe('B-20 what sealing costs', () => {
  test('a warm function asks KMS for nothing and the table for few blocks of keys', async () => {
    const { ring, calls } = keyTable();
    const one = ring();
    await one.prepare(tenant);
    const before = { ...calls };
    const keys = new Set<string>();
    for (let order = 0; order < 300; order += 1) {
      const { ref } = await one.next(tenant);
      keys.add(`${ref.keys}.${ref.number}`);
    }
    expect(keys.size).toBe(300); // each order has its own
    expect([calls.keyService - before.keyService, calls.table - before.table]).toEqual([0, 2]); // 200 and 200 after the first 50
  });

  test('all keys of a row are read by one request, and KMS is asked once for a tenant', async () => {
    const { ring, calls } = keyTable();
    const one = ring();
    const sealed = await Promise.all(Array.from({ length: 20 }, async () => seal(await one.next(tenant), place, text)));
    const cold = ring();
    const before = { ...calls };
    await Promise.all(sealed.map((each) => cold.open(each, place)));
    expect([calls.keyService - before.keyService, calls.table - before.table]).toEqual([1, 2]);
  });
});

describe('B-20 a key service or a table that fails', () => {
  test('nothing is sealed, nothing opened, and both work again afterwards', async () => {
    const { db } = memoryDynamoDb();
    const keyService = memoryKeyService();
    let down = true;
    const failing = {
      generate: async (one: typeof tenant) =>
        down ? Promise.reject(new Error('KMS is down')) : keyService.generate(one),
      unwrap: async (one: typeof tenant, wrapped: string) =>
        down ? Promise.reject(new Error('KMS is down')) : keyService.unwrap(one, wrapped),
    };
    const ring = () => memoryKeyRing({ db, keyService: failing });
    const one = ring();
    await expect(one.next(tenant)).rejects.toThrow('KMS is down');
    await expect(one.named(tenant, 'user~ada')).rejects.toThrow('KMS is down');
    down = false;
    const sealed = seal(await one.next(tenant), place, text);
    const cold = ring();
    down = true;
    await expect(cold.open(sealed, place)).rejects.toThrow('KMS is down');
    down = false;
    expect(await cold.open(sealed, place)).toBe(text);
  });
});

test('B-04 a keyed hash finds a text again, in its tenant and for its purpose alone', async () => {
  const { ring } = keyTable();
  const hash = await ring().hash(tenant, 'contact', 'hanako@example.com');
  expect(await ring().hash(tenant, 'contact', 'hanako@example.com')).toBe(hash);
  expect(await ring().hash(other, 'contact', 'hanako@example.com')).not.toBe(hash);
  expect(await ring().hash(tenant, 'other', 'hanako@example.com')).not.toBe(hash);
});

test('B-20 whoever only reads makes no key: of a tenant without any, nothing is asked of KMS', async () => {
  const { ring, calls } = keyTable();
  await ring().prepareToOpen(tenant);
  expect(calls).toEqual({ table: 1, keyService: 0 });
});
