import type { Migration } from '../../../../scripts/lib/migrations/migration';
import type { MigrationRecord, Records } from '../../../../scripts/lib/migrations/record';
import {
  begun,
  countAll,
  type Pending,
  type RunnerDeps,
  runMigrations,
} from '../../../../scripts/lib/migrations/runner';
import { type Command, interrupted, memoryDynamoDb } from '../../../support/dynamodb/memory-dynamodb';
import { memoryKeyRing } from '../../../support/key-ring';
import { hasPlain, mailOfBefore, orderOfBefore, put, returnOfBefore, rowMigration } from './before';

type Hook = () => unknown;

/** Records in memory; `before` runs before each call. */
const memoryRecords = (before: Hook = () => {}) => {
  const kept = new Map<string, MigrationRecord>();
  const nameOf = ({ service, number }: { service: string; number: number }) => `${service} ${number}`;
  const records: Records = {
    read: async (name) => {
      await before();
      return kept.get(nameOf(name));
    },
    write: async (name, record) => {
      await before();
      kept.set(nameOf(name), structuredClone(record));
    },
  };
  return { kept, records };
};

/** A clock that goes on by itself when somebody sleeps, and by a millisecond when it is read. */
const fakeClock = () => {
  let at = Date.parse('2026-12-01T00:00:00.000Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => {
      at += 1;
      return new Date(at);
    },
    sleep: async (ms: number) => {
      slept.push(ms);
      at += ms;
    },
  };
};

const depsOf = (records: Records, given: Partial<RunnerDeps> = {}): RunnerDeps => {
  const { now, sleep } = fakeClock();
  return { records, now, sleep, settleMs: 60_000, recordMs: 0, ...given };
};

/** What the command does: goes on with what is begun, begins the rest, leaves alone what is ended. */
const migrate = async (migrations: readonly Migration[], deps: RunnerDeps): Promise<Pending[]> => {
  const pending: Pending[] = [];
  for (const migration of migrations) {
    const known = await deps.records.read(migration);
    if (known?.state === 'ended') continue;
    pending.push({ migration, record: known ?? begun(await countAll(migration), deps.now()) });
  }
  return runMigrations(pending, deps);
};

const orders = 250; // of more than two pages

const systemOfBefore = async () => {
  const memory = memoryDynamoDb();
  for (let n = 1; n <= orders; n += 1)
    await put(memory.db, 'orders', orderOfBefore(`ORD-${String(n).padStart(6, '0')}`));
  await put(memory.db, 'returns', returnOfBefore);
  await put(memory.db, 'notifications', mailOfBefore);
  return memory;
};

type Memory = ReturnType<typeof memoryDynamoDb>;

const migrationsIn = ({ db }: Pick<Memory, 'db'>) =>
  ['order', 'return', 'notification'].map((service) => rowMigration(service, db, memoryKeyRing({ db })));

const isAllSealed = ({ table }: Memory): boolean =>
  !['orders', 'returns', 'notifications'].some((name) => table(name).all().some(hasPlain));

const dataOf = ({ table }: Memory) =>
  table('orders')
    .all()
    .map(({ orderId, version }) => `${orderId} ${version}`);

test('S1-31 seals everything, counted before and after, and records it by service and number', async () => {
  const memory = await systemOfBefore();
  const { kept, records } = memoryRecords();
  await migrate(migrationsIn(memory), depsOf(records));
  expect(isAllSealed(memory)).toBe(true);
  expect([...kept].map(([name, { state, before, after }]) => [name, state, before, after])).toEqual([
    ['order 1', 'ended', { seen: 250, found: 250 }, { seen: 250, found: 0 }],
    ['return 1', 'ended', { seen: 1, found: 1 }, { seen: 1, found: 0 }],
    ['notification 1', 'ended', { seen: 1, found: 1 }, { seen: 1, found: 0 }],
  ]);
});

test('S1-31 what is ended is not run again', async () => {
  const memory = await systemOfBefore();
  const { records } = memoryRecords();
  await migrate(migrationsIn(memory), depsOf(records));
  await put(memory.db, 'orders', orderOfBefore('ORD-000999'));
  expect(await migrate(migrationsIn(memory), depsOf(records))).toEqual([]);
  expect(isAllSealed(memory)).toBe(false);
});

test('S1-31 counting changes nothing', async () => {
  const memory = await systemOfBefore();
  const before = structuredClone(memory.table('orders').all());
  const [order] = migrationsIn(memory);
  expect(order && (await countAll(order))).toEqual({ seen: 250, found: 250 });
  expect(memory.table('orders').all()).toEqual(before);
  expect(memory.table('subject-keys').all()).toEqual([]);
});

test('a system without old rows is gone through once, and nothing is waited for', async () => {
  const clock = fakeClock();
  const { kept, records } = memoryRecords();
  await migrate(migrationsIn(memoryDynamoDb()), depsOf(records, clock));
  expect([...kept.values()].map(({ state }) => state)).toEqual(['ended', 'ended', 'ended']);
  expect(clock.slept).toEqual([]);
});

/** Fails at one call of all, as if the process had been killed there: before the call or after it. */
const killedAt = (memory: Memory, call: number, when: 'before' | 'after') => {
  let calls = 0;
  const count = () => {
    calls += 1;
    if (calls === call) throw new Error('killed');
  };
  const db = interrupted(memory.db, { [when]: (_command: Command) => count() });
  return { db, count, calls: () => calls };
};

const few = async () => {
  const memory = memoryDynamoDb();
  for (const orderId of ['ORD-000001', 'ORD-000002', 'ORD-000003'])
    await put(memory.db, 'orders', orderOfBefore(orderId));
  await put(memory.db, 'returns', returnOfBefore);
  await put(memory.db, 'notifications', mailOfBefore);
  return memory;
};

test.each(['before', 'after'] as const)(
  'S1-31 killed %s any call and started again, it ends as if it had not been',
  async (when) => {
    for (let call = 1, ended = false; !ended; call += 1) {
      const memory = await few();
      const killed = killedAt(memory, call, when);
      const { kept, records } = memoryRecords();
      const dying: Records = {
        read: records.read,
        write: async (...given) => {
          if (when === 'before') killed.count();
          await records.write(...given);
          if (when === 'after') killed.count();
        },
      };
      ended = await migrate(migrationsIn(killed), depsOf(dying)).then(
        () => true,
        () => false,
      );
      if (!ended) await migrate(migrationsIn(memory), depsOf(records));
      expect(isAllSealed(memory)).toBe(true);
      expect(dataOf(memory)).toEqual(['shop-a#ORD-000001 3', 'shop-a#ORD-000002 3', 'shop-a#ORD-000003 3']);
      expect([...kept.values()].map(({ state, after }) => [state, after?.found])).toEqual([
        ['ended', 0],
        ['ended', 0],
        ['ended', 0],
      ]);
      expect(call).toBeLessThan(200);
    }
  },
);

test('S1-31 goes on in the middle of a table where it was', async () => {
  const memory = await systemOfBefore();
  const { kept, records } = memoryRecords();
  const stop = new AbortController();
  const reading: string[] = [];
  const spied = (db: Memory['db']) =>
    interrupted(db, {
      before: ({ constructor: { name } }) => {
        if (name === 'ScanCommand') reading.push(name);
      },
    });
  const [order] = migrationsIn({ db: spied(memory.db) });
  if (order === undefined) throw new Error('there is no migration');
  let pages = 0;
  const stopping: Migration = {
    ...order,
    page: async (at) => {
      const page = await order.page(at);
      if (!at.dryRun) pages += 1;
      if (pages === 1) stop.abort();
      return page;
    },
  };
  await expect(migrate([stopping], depsOf(records, { signal: stop.signal }))).rejects.toThrow('aborted');
  expect(kept.get('order 1')).toMatchObject({
    state: 'running',
    before: { found: 250 },
    pass: { seen: 100, found: 100 },
  });
  reading.length = 0;
  await migrate([order], depsOf(records));
  expect(reading).toHaveLength(2 + 3); // two pages that were left, and once through all three
  expect(kept.get('order 1')).toMatchObject({ state: 'ended', before: { found: 250 }, after: { seen: 250, found: 0 } });
});

test('S1-31 what a function had read before it was sealed, and writes back, is found by the next time through', async () => {
  const memory = await few();
  const { kept, records } = memoryRecords();
  const clock = fakeClock();
  const stale = orderOfBefore('ORD-000002', { version: 4, status: 'PROCESSING' });
  let wroteBack = false;
  const sleep = async (ms: number) => {
    await clock.sleep(ms);
    if (!wroteBack) await put(memory.db, 'orders', stale);
    wroteBack = true;
  };
  await migrate(migrationsIn(memory), depsOf(records, { ...clock, sleep }));
  expect(isAllSealed(memory)).toBe(true);
  expect(memory.table('orders').all()[1]).toMatchObject({ version: 4, status: 'PROCESSING' });
  expect(clock.slept).toHaveLength(2);
  expect(clock.slept.every((ms) => ms > 59_000 && ms <= 60_000)).toBe(true);
  expect(kept.get('order 1')?.state).toBe('ended');
});

test('S1-31 two at once do no harm while orders change', async () => {
  const memory = await few();
  const { kept, records } = memoryRecords();
  let writes = 0;
  const busy = interrupted(memory.db, {
    before: async ({ constructor: { name } }) => {
      if (name !== 'UpdateCommand' || writes > 5) return;
      writes += 1;
      await put(memory.db, 'orders', orderOfBefore('ORD-000003', { version: 3 + writes }));
    },
  });
  await Promise.all([
    migrate(migrationsIn({ db: busy }), depsOf(records)),
    migrate(migrationsIn(memory), depsOf(records)),
  ]);
  expect(isAllSealed(memory)).toBe(true);
  expect(memory.table('orders').all()[2]?.version).toBe(3 + writes);
  expect([...kept.values()].map(({ state }) => state)).toEqual(['ended', 'ended', 'ended']);
});

test('migrations of one service run by their numbers', async () => {
  const ran: string[] = [];
  const of = (service: string, number: number): Migration => ({
    service,
    number,
    title: '',
    of: '',
    page: async ({ dryRun }) => {
      if (!dryRun) ran.push(`${service} ${number}`);
      return { seen: 0, found: 0 };
    },
  });
  await migrate([of('order', 2), of('order', 1), of('return', 1)], depsOf(memoryRecords().records));
  expect(ran).toEqual(['order 1', 'return 1', 'order 2']);
});
