import { listReturns, type ReturnPosition } from '../../lambda/return/return.store';
import { returnToRow } from '../../lambda/return/return-row';
import { indexedTable, readAll } from '../support/indexed-table';
import { requestedMice } from '../support/returns';

const returns = (count: number) =>
  indexedTable(
    'returns',
    'returnId',
    Array.from({ length: count }, (_, index) =>
      returnToRow(
        requestedMice({
          returnId: `RET-000001-${index + 1}`,
          status: (index + 1) % 1100 === 0 ? 'APPROVED' : 'REQUESTED',
        }),
      ),
    ),
  );
const { tenant } = requestedMice();

test('P15 a page of 100 returns is read although there are more', async () => {
  const { items, next } = await listReturns(returns(120), { tenant, limit: 100 });
  expect([items.length, next?.returnId]).toEqual([100, 'RET-000001-100']);
});

test('a customer who asks for the few returns of one status among many finds all, page by page', async () => {
  const table = returns(3000);
  const wanted = { tenant, userId: 'customer-1', status: 'APPROVED', limit: 20 } as const;
  const page = (after: ReturnPosition | undefined) => listReturns(table, { ...wanted, after });
  expect(await page(undefined)).toMatchObject({ items: [], next: { returnId: 'RET-000001-921' } });
  const { items, pages } = await readAll(page);
  expect([items.map(({ returnId }) => returnId), pages]).toEqual([['RET-000001-1100', 'RET-000001-2200'], 4]);
});
