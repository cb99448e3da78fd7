import { randomUUID } from 'node:crypto';
import { consumerQueues, depthOf, eventually } from '../support/flow';
import { attributeOf, deadLetters, sendAll, takeDeadLetters } from '../support/flow-queues';
import { orderPlaced } from '../support/order-events';

const hostile = (mark: string): string[] => {
  const event = orderPlaced();
  const changed = (change: object) => JSON.stringify({ ...event, mark, ...change });
  const data = (change: object) => changed({ data: { ...event.data, ...change } });
  const line = (change: object) => data({ lines: [{ ...event.data.lines[0], ...change }] });
  return [
    mark,
    `"${mark}"`,
    `["${mark}"]`,
    `{"mark":"${mark}"`,
    `{"mark":"${mark}"} x`,
    `{"mark":"${mark}","__proto__":{"type":"OrderPlaced.v2"}}`,
    `{"mark":"${mark}","constructor":{"prototype":{}}}`,
    `${'['.repeat(1000)}"${mark}"${']'.repeat(1000)}`,
    `{"mark":"${mark}","n":1e400}`,
    `\ufeff${changed({})}`,
    ...[null, 1, 'x', [], {}, 'OrderPlaced.v3', 'OrderPlaced', 'orderplaced.v1', '../OrderPlaced.v2'].map((type) =>
      changed({ type }),
    ),
    ...[null, '', 'x', 'default/ORD-000001', 'default/ORD-000001:x', 'Default/ORD-000001:1', `${'x'.repeat(2000)}`].map(
      (id) => changed({ id }),
    ),
    ...[null, '', 'Shop', 'a#b', '../b', 'x'.repeat(41)].map((tenantid) => changed({ tenantid })),
    ...[null, '', 'ORD-1', 'ORD-000001#x', '../../x', 7].map((orderId) => data({ orderId })),
    ...[null, '', 'x', 'a@b\r\nBcc: c@d'].map((customerEmail) => data({ customerEmail })),
    ...[[], null, 'x', [null]].map((lines) => data({ lines })),
    ...[0, -1, 1.5, '1', null, 2 ** 53].map((quantity) => line({ quantity })),
    data({ total: -1 }),
    data({ currency: 'ZZZ' }),
  ];
};

describe('50 hostile messages to each consumer', () => {
  test.each(consumerQueues)(
    '%s: all end in the dead-letter queue at once, and none anywhere else',
    async (queue) => {
      const mark = randomUUID();
      const bodies = hostile(mark);
      expect(bodies.length).toBeGreaterThanOrEqual(50);
      await sendAll(queue, bodies);
      const parked = await eventually('all are parked', async () => {
        const found = await deadLetters(({ Body = '' }) => Body.includes(mark));
        return found.length >= bodies.length && found;
      });
      expect(parked.map(({ Body }) => Body).sort()).toEqual([...bodies].sort());
      for (const message of parked) {
        expect(attributeOf(message, 'errorName')).toBe('UnreadableMessageError');
        expect([attributeOf(message, 'sourceQueue'), attributeOf(message, 'receiveCount')]).toEqual([queue, '1']);
      }
      await eventually('the queue is empty', async () => (await depthOf(queue)) === 0); // orders of others may be tried again
      await takeDeadLetters(({ Body = '' }) => Body.includes(mark));
    },
    120_000,
  );
});
