import { pageOfIndex } from '../../lambda/kernel/dynamodb/index-list';
import { indexedTable, readAll } from '../support/indexed-table';

type Parcel = { readonly id: string; readonly number: number };

const fromRow = (row: unknown) => row as Parcel;

/** Parcels from 1 to `count`, of which those are listed that `isListed` says. */
const parcels = (count: number, isListed: (parcel: Parcel) => boolean) => {
  const rows = Array.from({ length: count }, (_, index) => ({ id: `P-${index + 1}`, number: index + 1 }));
  const { limits, ...stored } = indexedTable('parcels', 'id', rows);
  const list = { ...stored, key: 'id', index: 'byList', name: 'list', value: 'ALL', fromRow, isListed };
  const page = async (limit: number, after?: Parcel) => {
    const { items, last } = await pageOfIndex(list, limit, after);
    return { items, next: last as Parcel | undefined };
  };
  return { limits, page };
};

const numbers = ({ items }: { readonly items: readonly Parcel[] }) => items.map(({ number }) => number);

test('P15 a list of which nothing is listed is read ten times at most, a hundred rows each, and goes on after them', async () => {
  const { page, limits } = parcels(20_000, () => false);
  expect(await page(20)).toEqual({ items: [], next: { id: 'P-921', number: 921 } });
  expect(limits).toEqual([21, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
});

test('S2-28 following the cursor through short pages finds every item once, in order, and ends', async () => {
  const { page } = parcels(5000, ({ number }) => number % 1250 === 0);
  const found = await readAll<Parcel, Parcel>((after) => page(20, after));
  expect([numbers(found), found.pages]).toEqual([[1250, 2500, 3750, 5000], 6]);
});

test('a full page ends with its last item, and the next one misses none', async () => {
  const { page, limits } = parcels(10, ({ number }) => number % 2 === 0);
  const first = await page(3);
  expect([numbers(first), first.next?.number, limits]).toEqual([[2, 4, 6], 6, [4, 100]]);
  const second = await page(3, first.next);
  expect([numbers(second), second.next]).toEqual([[8, 10], undefined]);
});

test('a page that is just full, and the last one, has no next', async () => {
  const { page } = parcels(4, () => true);
  expect((await page(4)).next).toBeUndefined();
  expect((await page(3)).next?.number).toBe(3);
});

test.each([1, 7, 20, 45])('F-45 sixty items of one time are all listed, each once, in pages of %i', async (limit) => {
  const { page } = parcels(60, () => true);
  const { items } = await readAll<Parcel, Parcel>((after) => page(limit, after));
  expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

test('F-46 rows that cannot be read are left out and end no list, also where there are a thousand of them', async () => {
  const rows = Array.from({ length: 1500 }, (_, index) => ({ id: `P-${index + 1}`, number: index + 1 }));
  const { limits: _, ...stored } = indexedTable('parcels', 'id', rows);
  const unreadable = (row: unknown) => {
    if (fromRow(row).number <= 1200) throw new Error('another version');
    return fromRow(row);
  };
  const list = {
    ...stored,
    key: 'id',
    index: 'byList',
    name: 'list',
    value: 'ALL',
    fromRow: unreadable,
    isListed: () => true,
  };
  const { items } = await readAll<Parcel, Parcel>(async (after) => {
    const { items: some, last } = await pageOfIndex(list, 20, after);
    return { items: some, next: last as Parcel | undefined };
  });
  expect([items.length, items[0]?.number, items.at(-1)?.number]).toEqual([300, 1201, 1500]);
});
