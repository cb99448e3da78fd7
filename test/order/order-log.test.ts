import { StockShort } from '../../lambda/contracts/inventory-events';
import { logPlaced, logShortage, logStatus } from '../../lambda/order/order-log';
import sample from '../contracts/samples/StockShort.v1.json';
import { logLines } from '../support/log-lines';
import { placedOrder } from '../support/orders';

const named = { orderId: 'ORD-000001', tenantId: 'default', correlationId: 'correlation-1' };
const order = placedOrder({ correlationId: 'correlation-1' });

describe('S4-48 the log tells of an order in words that operators search for:', () => {
  test('that it is new', async () => {
    const lines = await logLines(() => logPlaced(order));
    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'New order created: ORD-000001', ...named }),
    ]);
  });

  test('how its status changes, and nothing of other changes', async () => {
    const lines = await logLines(() => {
      logStatus(order, placedOrder({ correlationId: 'correlation-1', stockStatus: 'BACKORDERED' }));
      logStatus(order, placedOrder({ correlationId: 'correlation-1', status: 'CONFIRMED' }));
    });
    expect(lines).toEqual([
      expect.objectContaining({ message: 'Order ORD-000001 status: pending -> confirmed', ...named }),
    ]);
  });

  test('that its stock could not be reserved, and why', async () => {
    const lines = await logLines(() => logShortage(StockShort.parse(sample)));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: 'Failed to reserve inventory: Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1',
        ...named,
      }),
    ]);
  });
});
