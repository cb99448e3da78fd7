import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { stockStore } from '../../lambda/inventory/stock/stock.store';
import { defaultTenant } from '../../lambda/kernel/tenant';

/** A table whose product is refused as short, and is what `row` says. */
const refusing = (row: Record<string, unknown> | undefined) => {
  const reason = { Code: 'ConditionalCheckFailed', ...(row === undefined ? {} : { Item: marshall(row) }) };
  const send = async () => {
    throw new TransactionCanceledException({
      message: '',
      $metadata: {},
      CancellationReasons: [{ Code: 'None' }, reason],
    });
  };
  const db = { send } as unknown as DynamoDBDocumentClient;
  return stockStore({ inventory: 'inventory', reservations: 'reservations' }, db, { now: () => new Date(0) });
};

const lines = [{ productId: 'P-1', quantity: 2, name: 'mouse' }];
const cause = { correlationId: 'correlation-1', causationId: 'default/ORD-000001:1' };
const wanted = { tenant: defaultTenant, orderId: 'ORD-000001', lines, cause };

test.each([
  [
    'tells its name and stock',
    { productName: 'ワイヤレスマウス', stock: 1 },
    { name: 'ワイヤレスマウス', available: 1 },
  ],
  ['that inventory does not know has neither', undefined, { available: 0 }],
  ['with a name that no event may have has none', { productName: 'x'.repeat(201), stock: 1 }, { available: 1 }],
  [
    'with stock that no event may have counts as empty',
    { productName: 'mouse', stock: -1.5 },
    { name: 'mouse', available: 0 },
  ],
] as const)('P1 a short product %s', async (_what, row, told) => {
  const outcome = await refusing(row).tryReserve([wanted]);
  expect(outcome).toEqual({ reserved: false, settled: [], short: new Map([['P-1', told]]) });
});
