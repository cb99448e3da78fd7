import { marshall } from '@aws-sdk/util-dynamodb';
import { PlaceOrderRequest } from '../../lambda/contracts/api/order-api';
import { StoredAddress } from '../../lambda/contracts/values/address';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { sealPersonal } from '../../lambda/order/personal/personal';
import { isDynamo, itemSize, totalUnits } from '../capacity';
import type { GoalDefinition } from '../context';
import { orderBody } from '../events';
import { type Flow, placedRow } from '../flow';
import { median, significant } from '../statistics';
import type { Call, Item } from '../stub-aws';

/** DynamoDB's share of an order's way to its three effects, for each order. */
const perOrder = ({ steps, orders }: Flow) => {
  const calls = steps
    .filter(({ phase }) => phase === 'effects')
    .flatMap((step) => step.calls)
    .filter(isDynamo);
  const { writes, indexWrites, reads } = totalUnits(calls);
  return {
    calls: significant(calls.length / orders, 4),
    writes: significant(writes / orders, 4),
    indexWrites: significant(indexWrites / orders, 4),
    reads: significant(reads / orders, 4),
  };
};

const isOfKeys = ({ operation, body }: Call): boolean =>
  operation.startsWith('KMS.') || String(body.TableName).endsWith('subject-keys');

/** The calls for keys, of KMS and of their table, for each order on its way to the three effects. */
const keyCalls = ({ steps, orders }: Flow): number =>
  steps.filter(({ phase }) => phase === 'effects').flatMap(({ calls }) => calls.filter(isOfKeys)).length / orders;

/** The size of an order's row, sealed, by its size with the same in clear text. */
const sealedSize = (row: Item): number => {
  const { customerEmail, shippingAddress } = orderBody();
  return itemSize(row) / itemSize({ ...row, ...(marshall({ customerEmail, shippingAddress }) as Item) });
};

const rounds = 400;

const timeOf = (work: () => unknown): number => {
  const times = Array.from({ length: 9 }, () => {
    const from = performance.now();
    for (let n = 0; n < rounds; n += 1) work();
    return performance.now() - from;
  });
  return median(times);
};

/** The time to seal what an order says of a person, by the time to parse the request for it. */
const sealingTime = (): number => {
  const { customerEmail, shippingAddress } = orderBody();
  const key = { ref: { keys: 'abcdef', number: 7 }, key: Buffer.alloc(32, 1) };
  const order = { tenant: defaultTenant, orderId: 'ORD-000001' };
  const personal = { customerEmail, shippingAddress: StoredAddress.parse(shippingAddress) };
  const parsing = timeOf(() => PlaceOrderRequest.parse(orderBody()));
  return timeOf(() => sealPersonal(key, order, personal)) / parsing;
};

export const g5: GoalDefinition = {
  id: 'G5',
  what: 'DynamoDB calls and write units per order from accept to three effects, batches of 10, one-line orders',
  measure: async ({ flow }) => {
    const run = await flow();
    const measured = perOrder(run);
    const sealing = { baseline: null, better: 'lower' } as const;
    return {
      figures: [
        { what: 'calls', unit: 'per order', baseline: 5, value: measured.calls, target: 1.5, better: 'lower' },
        { what: 'write units', unit: 'per order', baseline: 9, value: measured.writes, target: 6, better: 'lower' },
        {
          ...sealing,
          what: 'of them calls for the keys of people, and of KMS',
          unit: 'per order',
          value: significant(keyCalls(run), 2),
          target: 0.1,
        },
        {
          ...sealing,
          what: "the order's row, sealed",
          unit: '× in clear',
          value: significant(sealedSize(placedRow(run)), 3),
          target: 1.2,
        },
        {
          ...sealing,
          what: 'sealing an order',
          unit: '× parsing it',
          value: significant(sealingTime(), 2),
          target: 1,
        },
      ],
      note: `Counted at a stub AWS behind the deployed bundles; units from the items on the wire by DynamoDB's rules, transactions double. The indexes take ${measured.indexWrites} more when an order is placed, and the due index 1 when it is confirmed; G6 counts them.`,
      details: measured,
    };
  },
};
