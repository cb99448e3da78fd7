import { awaitingPayment } from '../support/payments';
import type { Fault } from './fake-provider';
import { paying, webhookOf } from './paying';

/** A shop whose provider made a second payment of the one order, `pi_9`, which the customer pays first. */
const paidByAnother = async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  shop.fake.makesAnother(shop.key, 'pi_9');
  shop.fake.becomes('pi_9', 'CAPTURED');
  await shop.receive(webhookOf({ ...shop, key: 'pi_9' }, 'evt_9'));
  return shop;
};

test('P5 a second payment that was paid first: the first one is closed, and cannot be paid any more', async () => {
  const shop = await paidByAnother();
  await shop.poll();
  expect(shop.fake.payments.get(shop.key)?.snapshot.state).toBe('CANCELLED');
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_9', others: [], refunds: [] });
  expect(shop.only().dueAt).toBeUndefined();
});

test('P5 both were paid and the webhook of the first is lost: it is found and goes back', async () => {
  const shop = await paidByAnother();
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.poll();
  expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600, state: 'COMPLETED' }]);
  expect(shop.fake.refundsOf('pi_9')).toEqual([]);
  expect(shop.only()).toMatchObject({
    status: 'COMPLETED',
    others: [],
    extraCaptures: [{ externalPaymentId: 'pi_1' }],
  });
});

test('P5 the answer to the first query is lost and a webhook reports another payment: the first one is found by its key', async () => {
  const shop = paying();
  shop.fake.faults.push('lost after');
  await shop.handle(awaitingPayment());
  shop.fake.becomes(shop.key, 'CAPTURED');
  shop.fake.makesAnother(shop.key, 'pi_9');
  shop.fake.becomes('pi_9', 'CAPTURED');
  await shop.receive(webhookOf({ ...shop, key: 'pi_9' }, 'evt_9'));
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_9', others: [''] });
  await shop.poll();
  expect(shop.only()).toMatchObject({ others: [], extraCaptures: [{ externalPaymentId: 'pi_1' }] });
  expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
});

test('P5 a provider that refuses to look by our key is asked again later', async () => {
  const shop = paying();
  shop.fake.faults.push('lost after');
  await shop.handle(awaitingPayment());
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.receive(webhookOf(shop, 'evt_1'));
  shop.fake.faults.push('refused');
  await shop.poll();
  expect(shop.fake.asked.filter((query) => query === 'fetch')).toHaveLength(2);
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', others: [] });
});

test('a webhook of the payment that was asked for is found to be the same', async () => {
  const shop = paying();
  shop.fake.faults.push('lost after');
  await shop.handle(awaitingPayment());
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.receive(webhookOf(shop, 'evt_1'));
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_1', others: [], refunds: [] });
  expect(shop.only().dueAt).toBeUndefined();
});

test('one that the provider knows no more needs no closing', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  shop.fake.makesAnother(shop.key, 'pi_9');
  await shop.receive(webhookOf({ ...shop, key: 'pi_9' }, 'evt_9'));
  const { fetch } = shop.fake.provider;
  shop.fake.provider.fetch = async (asked) => (asked.externalPaymentId === 'pi_9' ? undefined : fetch(asked));
  shop.fake.faults.push('refused');
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'PROCESSING', externalPaymentId: 'pi_1', others: [] });
});

test('one that cannot be closed does not keep the payment from being captured', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  shop.fake.makesAnother(shop.key, 'pi_9');
  await shop.receive(webhookOf({ ...shop, key: 'pi_9' }, 'evt_9'));
  const open = shop.fake.becomes('pi_9', 'OPEN');
  shop.fake.provider.cancel = async () => open; // it is being worked on there
  shop.fake.becomes(shop.key, 'AUTHORIZED');
  await shop.poll(2);
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_1', others: ['pi_9'] });
});

test.each(['lost before', 'lost after', 'refused'] as const satisfies readonly Fault[])(
  'a close that is %s is tried again, and the payment itself does not wait for it',
  async (fault) => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    shop.fake.makesAnother(shop.key, 'pi_9');
    await shop.receive(webhookOf({ ...shop, key: 'pi_9' }, 'evt_9'));
    shop.fake.becomes(shop.key, 'CAPTURED');
    shop.fake.faults.push(fault);
    await shop.poll(2);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_1', others: [] });
    expect(shop.fake.payments.get('pi_9')?.snapshot.state).toBe('CANCELLED');
  },
);
