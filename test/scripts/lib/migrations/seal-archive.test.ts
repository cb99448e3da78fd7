import { filesOf, linesOf, startOf } from '../../../../lambda/archive/archive-events';
import { AnyEvent } from '../../../../lambda/contracts/events/event';
import { StoredSealed } from '../../../../lambda/contracts/values/sealed';
import { defaultTenant } from '../../../../lambda/kernel/tenant';
import { archiveFiles } from '../../../../scripts/lib/migrations/archive-files';
import { begun, countAll, runMigrations } from '../../../../scripts/lib/migrations/runner';
import { sealArchive } from '../../../../scripts/lib/migrations/seal-archive';
import { sealer } from '../../../../scripts/lib/migrations/sealer';
import { memoryKeyRing } from '../../../support/key-ring';
import { orderPlaced } from '../../../support/order-events';
import { hasPlain } from './before';
import { fakeBucket, gzipped } from './fake-bucket';

const firstVersion = (orderId = 'ORD-000001') => {
  const { data, ...envelope } = orderPlaced(orderId);
  return { ...envelope, type: 'OrderPlaced.v1', data: { ...data, customerEmail: 'taro@example.com' } };
};

const returnOfBefore = {
  ...firstVersion(),
  id: 'default/RET-000001-1:1',
  source: '/returns',
  type: 'ReturnRequested.v1',
  subject: 'RET-000001-1',
  data: {
    returnId: 'RET-000001-1',
    orderId: 'ORD-000001',
    customerEmail: 'taro@example.com',
    reason: 'サイズが合わない',
  },
};

const stockEvent = {
  ...firstVersion(),
  id: 'default/ORD-000001:9',
  source: '/inventory',
  type: 'StockReserved.v1',
  data: { orderId: 'ORD-000001', lines: [] },
};

type Bucket = ReturnType<typeof fakeBucket>;

/** Archives events as the archive does: in a folder of their day and type, and in one of their order. */
const archive = (bucket: Bucket, events: readonly unknown[], storageClass?: string) => {
  for (const file of filesOf(events.map((event) => AnyEvent.parse(event))))
    bucket.put(
      `${file.folder}/${startOf(file)}-x.ndjson.gz`,
      gzipped(linesOf(file).split('\n').filter(Boolean)),
      storageClass,
    );
};

const ring = memoryKeyRing();
const migrationOf = ({ s3 }: Bucket, keys = ring) =>
  sealArchive({ files: archiveFiles(s3, 'archive'), sealer: sealer(keys) });

/** Goes through all of it once. */
const passOf = async (bucket: Bucket, unchangedSince?: string) => {
  const migration = migrationOf(bucket);
  const total = { seen: 0, found: 0 };
  let cursor: string | undefined;
  do {
    const page = await migration.page({ cursor, dryRun: false, unchangedSince });
    total.seen += page.seen;
    total.found += page.found;
    cursor = page.next;
  } while (cursor !== undefined);
  return total;
};

const events = [firstVersion('ORD-000001'), firstVersion('ORD-000002'), returnOfBefore, stockEvent];

describe.each([false, true])('S1-31 the archive of a bucket that keeps versions: %p', (versioned) => {
  test('is rewritten under the same names: newest versions, sealed, in their order, all else as it was', async () => {
    const bucket = fakeBucket({ versioned });
    archive(bucket, events);
    const [keys, before] = [bucket.keys(), bucket.keys().map(bucket.lines)];
    expect(await passOf(bucket)).toMatchObject({ found: keys.length - 1 });
    expect(bucket.keys()).toEqual(keys);
    expect(bucket.everything().some(hasPlain)).toBe(false);
    expect(bucket.everything().some((line) => /taro@|\.v1".*customerEmail/.test(line))).toBe(false);
    keys.forEach((key, n) => {
      const parsed = (lines: readonly string[] = []) => lines.map((line) => JSON.parse(line));
      const known = (line: { data: object; type: string }) => ({
        ...line,
        type: line.type.replace(/\.v\d$/, ''),
        data: { ...line.data, customerEmail: undefined, reason: undefined },
      });
      expect(parsed(bucket.lines(key)).map(known)).toEqual(parsed(before[n]).map(known));
    });
    for (const key of keys) expect(bucket.versions(key)).toHaveLength(1);
  });

  test('opens as it was, and is left alone the second time', async () => {
    const bucket = fakeBucket({ versioned });
    archive(bucket, events);
    await passOf(bucket);
    const [key = ''] = bucket.keys().filter((one) => one.includes('ReturnRequested.v1'));
    const [line = ''] = bucket.lines(key);
    const { type, data } = JSON.parse(line);
    expect(type).toBe('ReturnRequested.v2');
    const place = { tenant: defaultTenant, subject: 'order~ORD-000001' };
    expect(await ring.open(StoredSealed.parse(data.reason), { ...place, field: 'reason' })).toBe('サイズが合わない');
    const before = bucket.everything();
    expect(await passOf(bucket)).toMatchObject({ found: 0 });
    expect(bucket.everything()).toEqual(before);
  });

  test('killed at any call and started again, nothing plain is left in any version', async () => {
    for (let call = 1, ended = false; !ended; call += 1) {
      let calls = 0;
      const bucket = fakeBucket({
        versioned,
        before: () => {
          calls += 1;
          if (calls === call) throw new Error('killed');
        },
      });
      archive(bucket, events);
      ended = await passOf(bucket).then(
        () => true,
        () => false,
      );
      if (!ended) await passOf(bucket);
      expect(bucket.everything().some(hasPlain)).toBe(false);
    }
  });
});

test('a dry run counts and writes nothing', async () => {
  const bucket = fakeBucket({ versioned: true });
  archive(bucket, events);
  const before = bucket.everything();
  const { seen, found } = await countAll(migrationOf(bucket));
  expect([seen, found]).toEqual([bucket.keys().length, bucket.keys().length - 1]);
  expect(bucket.everything()).toEqual(before);
});

test('second versions in the plain form are sealed, too', async () => {
  const bucket = fakeBucket();
  archive(bucket, [orderPlaced()]);
  expect(await passOf(bucket)).toEqual({ seen: 2, found: 2 });
  expect(bucket.everything().some(hasPlain)).toBe(false);
});

test('older versions with plain text go, also of a file that was rewritten by somebody who was ended then', async () => {
  const bucket = fakeBucket({ versioned: true });
  archive(bucket, [firstVersion()]);
  archive(bucket, [stockEvent]);
  const [key = ''] = bucket.keys();
  bucket.put(key, gzipped([]));
  expect(bucket.everything().some(hasPlain)).toBe(true);
  await passOf(bucket);
  expect(bucket.everything().some(hasPlain)).toBe(false);
});

test('a file that is written while it is sealed is left to the next time through', async () => {
  let bucket: Bucket;
  let times = 0;
  bucket = fakeBucket({
    before: (command) => {
      if (command !== 'PutObjectCommand' || times > 0) return;
      times += 1;
      archive(bucket, [firstVersion()]); // delivered again
    },
  });
  archive(bucket, [firstVersion()]);
  expect(await passOf(bucket)).toEqual({ seen: 2, found: 2 });
  await passOf(bucket);
  expect(bucket.everything().some(hasPlain)).toBe(false);
});

test('what has not changed since the last time through is not read again', async () => {
  const reads: string[] = [];
  const bucket = fakeBucket({ before: (command) => reads.push(command) });
  archive(bucket, events);
  await passOf(bucket, '2027-01-01T00:00:00.000Z');
  expect(reads.filter((command) => command === 'GetObjectCommand')).toEqual([]);
});

test('a file keeps its class of storage, and a line that is no event its text', async () => {
  const bucket = fakeBucket();
  bucket.put('by-subject/0/2026-11-21/x', gzipped(['no JSON', JSON.stringify(firstVersion())]), 'GLACIER_IR');
  await passOf(bucket);
  expect(bucket.storageClass('by-subject/0/2026-11-21/x')).toBe('GLACIER_IR');
  expect(bucket.lines('by-subject/0/2026-11-21/x')[0]).toBe('no JSON');
  expect(bucket.everything().some(hasPlain)).toBe(false);
});

test('events of an erased order are sealed for nobody', async () => {
  const keys = memoryKeyRing();
  await keys.destroy(defaultTenant, { keys: 'order~ORD-000001', number: 0 });
  const bucket = fakeBucket();
  archive(bucket, [firstVersion()]);
  const page = await migrationOf(bucket, keys).page({ cursor: undefined, dryRun: false });
  expect(page.found).toBe(2);
  const [line = ''] = bucket.everything();
  const place = { tenant: defaultTenant, subject: 'order~ORD-000001', field: 'customerEmail' };
  expect(await keys.open(JSON.parse(line).data.customerEmail, place)).toBeUndefined();
});

test('the runner ends with it once nothing is found', async () => {
  const bucket = fakeBucket();
  archive(bucket, events);
  const migration = migrationOf(bucket);
  const now = () => new Date('2026-12-02T00:00:00.000Z');
  const records = { read: async () => undefined, write: async () => undefined };
  const pending = [{ migration, record: begun(await countAll(migration), now()) }];
  const [done] = await runMigrations(pending, { records, now, sleep: async () => {}, settleMs: 1, recordMs: 0 });
  expect(done?.record).toMatchObject({ state: 'ended', after: { found: 0 } });
});
