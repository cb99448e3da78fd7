import { OrderPlaced } from '../../lambda/contracts/events/order-events';
import { updateReservations } from '../../lambda/inventory/reservations/update-reservations';
import { consume } from '../../lambda/kernel/events/queue-consumer';
import { logger } from '../../lambda/kernel/logger';
import { orderPlaced } from '../support/order-events';
import { sqsEvent, sqsRecord } from '../support/sqs';

/** What is written to standard error while `work` runs, line by line. */
const errorLines = async (work: () => Promise<unknown>): Promise<Record<string, unknown>[]> => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  logger.setLogLevel('ERROR');
  try {
    await work();
  } finally {
    logger.setLogLevel('SILENT');
    spy.mockRestore();
  }
  return written.map((line) => JSON.parse(line));
};

const inventoryWithout = (productId: string) =>
  consume({
    consumer: 'inventory',
    schema: OrderPlaced,
    handle: updateReservations({
      tryReserve: async () => ({
        reserved: false,
        settled: [],
        short: new Map([[productId, { available: 0, name: '人気商品（在庫切れ）' }]]),
      }),
      release: async () => undefined,
      deduct: async () => undefined,
    }),
    deadLetter: async () => undefined,
    resend: async () => undefined,
    now: () => new Date('2026-11-21T08:00:00.000Z'),
  });

test('S0-28 the error log says what is short, for which order, and on which try, and nothing about the customer', async () => {
  const handler = inventoryWithout('PROD-002');
  const messageAttributes = { failures: { dataType: 'String' as const, stringValue: '1' } };
  const failedOnce = sqsRecord(orderPlaced('ORD-000007'), { receiveCount: 4, messageAttributes });
  const lines = await errorLines(() => handler(sqsEvent(failedOnce)));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      message: 'message failed',
      consumer: 'inventory',
      messageId: 'message-1',
      eventId: 'default/ORD-000007:1',
      eventType: 'OrderPlaced.v2',
      correlationId: 'correlation-1',
      receiveCount: 2,
      deliveries: 4,
      error: expect.objectContaining({
        name: 'InsufficientStockError',
        message: 'Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 2',
      }),
    }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('taro@example.com');
});
