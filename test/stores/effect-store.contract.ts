import type { Bill } from '../../lambda/billing/bill';
import type { BillStore } from '../../lambda/billing/bill.store';
import type { Notification, NotificationKey } from '../../lambda/notification/mail';
import type { NotificationStore } from '../../lambda/notification/notification.store';
import { aBill, aNotification, aReceipt, freshTenant } from './builders';

type Stored<Row> = Omit<Row, 'tenant' | 'orderId'> | undefined;

export type NotificationsHarness = {
  readonly store: NotificationStore;
  readonly read: (key: NotificationKey) => Promise<Stored<Notification>>;
};

export type BillsHarness = { readonly store: BillStore; readonly read: (bill: Bill) => Promise<Stored<Bill>> };

/** What every notification store promises, whatever it is made of. */
export const notificationStoreContract = (name: string, open: () => NotificationsHarness): void => {
  describe(`notification store ${name}`, () => {
    const { store, read } = open();

    test('S0-31 returns which notifications were sent, in the order of the question', async () => {
      const tenant = freshTenant();
      const [one, two, three] = ['one', 'two', 'three'].map((id) => aNotification(tenant, id)) as [
        Notification,
        Notification,
        Notification,
      ];
      expect(await store.record([one, three])).toEqual([undefined, undefined]);
      expect(await store.wereSent([two, three, one])).toEqual([false, true, true]);
    });

    test('P2 keeps the first record of a notification', async () => {
      const first = aNotification(freshTenant(), 'one', 'ses-1');
      await store.record([first]);
      expect(await store.record([{ ...first, messageId: 'ses-2' } as Notification])).toEqual([undefined]);
      expect(await read(first)).toMatchObject({ messageId: 'ses-1', status: 'sent' });
    });

    test('records more than one call takes, next to those that are recorded already', async () => {
      const tenant = freshTenant();
      const all = Array.from({ length: 60 }, (_, index) => aNotification(tenant, `n-${index}`));
      await store.record(all.slice(20, 30));
      expect(await store.record(all)).toEqual(Array.from({ length: 60 }, () => undefined));
      expect(await store.wereSent(all)).toEqual(Array.from({ length: 60 }, () => true));
    });

    test('S4-31 finds the records of those that were sent', async () => {
      const tenant = freshTenant();
      const [one, two] = [aNotification(tenant, 'ORD-000001:1.email'), aNotification(tenant, 'ORD-000001:2.email')];
      await store.record([two]);
      expect(await store.find([one, two])).toEqual([two]);
    });

    test('S3-20 finds the confirmation of an order, of its own tenant alone', async () => {
      const tenant = freshTenant();
      const confirmation = { ...aNotification(tenant, 'ORD-000001:1.email'), locale: 'en' as const };
      await store.record([aNotification(tenant, 'ORD-000001:2.email'), confirmation]);
      expect(await store.confirmationOf(tenant, 'ORD-000001')).toEqual(confirmation);
      expect(await store.confirmationOf(tenant, 'ORD-000002')).toBeUndefined();
      expect(await store.confirmationOf(freshTenant(), 'ORD-000001')).toBeUndefined();
    });

    test('P8 does not take another tenant’s record for its own', async () => {
      await store.record([aNotification(freshTenant(), 'one')]);
      expect(await store.wereSent([aNotification(freshTenant(), 'one')])).toEqual([false]);
    });
  });
};

/** What every bill store promises, whatever it is made of. */
export const billStoreContract = (name: string, open: () => BillsHarness): void => {
  describe(`bill store ${name}`, () => {
    const { store, read } = open();

    test('S0-38 opens a bill that is pending', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      expect(await store.open([bill])).toEqual([undefined]);
      expect(await read(bill)).toMatchObject({ status: 'pending', amount: 6600, version: 1 });
    });

    test('P2 leaves a bill as it is when it is opened again', async () => {
      const [tenant, other] = [freshTenant(), freshTenant()];
      await store.open([aBill(tenant, 'ORD-000001')]);
      const again = [aBill(tenant, 'ORD-000001', { amount: 1 }), aBill(other, 'ORD-000001', { amount: 2 })];
      expect(await store.open(again)).toEqual([undefined, undefined]);
      expect(await read(aBill(tenant, 'ORD-000001'))).toMatchObject({ amount: 6600 });
      expect(await read(aBill(other, 'ORD-000001'))).toMatchObject({ amount: 2 });
    });

    test('finds the bill of an order, of its own tenant alone', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.open([bill]);
      expect(await store.ofOrder(bill.tenant, 'ORD-000001')).toMatchObject({
        billingId: 'BILL-ORD-000001',
        amount: 6600,
      });
      expect(await store.ofOrder(freshTenant(), 'ORD-000001')).toBeUndefined();
    });

    test('voids a bill once', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.open([bill]);
      await store.void(bill);
      await store.void(bill);
      expect(await read(bill)).toMatchObject({ status: 'void', version: 2 });
    });

    test('P12 keeps a bill void that was cancelled before it was opened', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.void(bill);
      expect(await store.open([bill])).toEqual([undefined]);
      expect(await read(bill)).toMatchObject({ status: 'void', amount: 6600, version: 1 });
    });

    test('S2-14 is paid once, and keeps what it is for', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.open([bill]);
      await store.pay(aReceipt(bill));
      await store.pay(aReceipt(bill, { paidAt: '2026-11-21T09:00:00.000Z' }));
      const paid = { status: 'paid', paidAt: '2026-11-21T08:05:00.000Z', paymentId: 'PAY-ORD-000001', version: 2 };
      expect(await read(bill)).toMatchObject({ ...paid, amount: 6600, createdAt: '2026-11-21T08:00:00.000Z' });
    });

    test('P12 a payment that overtook its order is kept, and the order’s details are added to it, once', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.pay(aReceipt(bill));
      expect(await read(bill)).toMatchObject({ status: 'paid', amount: 6600, version: 1 });
      expect(await read(bill)).not.toHaveProperty('items');
      expect(await store.open([bill])).toEqual([undefined]);
      expect(await store.open([bill])).toEqual([undefined]);
      const details = { subtotal: 6000, tax: 600, items: bill.items, createdAt: '2026-11-21T08:00:00.000Z' };
      expect(await read(bill)).toMatchObject({ status: 'paid', ...details, version: 2 });
    });

    test('P12 a void bill stays void when its payment comes, and says that it was paid, once', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.void(bill);
      await store.pay(aReceipt(bill));
      await store.pay(aReceipt(bill, { paidAt: '2026-11-21T09:00:00.000Z' }));
      expect(await read(bill)).toMatchObject({ status: 'void', paidAt: '2026-11-21T08:05:00.000Z', version: 2 });
    });

    test('P12 a paid bill is void once its order is cancelled, whatever came before', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await store.pay(aReceipt(bill));
      await store.void(bill);
      await store.open([bill]);
      expect(await read(bill)).toMatchObject({ status: 'void', items: bill.items, paymentId: 'PAY-ORD-000001' });
    });

    test('F-01 F-03 is void once it is refunded in full, and paid again once its money is back, by the newest version of its order', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      const settled = (orderVersion: number, status: 'paid' | 'void') =>
        store.settle({ ...bill, status, orderVersion });
      await store.open([bill]);
      await store.pay(aReceipt(bill));
      await settled(6, 'void');
      await settled(6, 'void');
      const paid = { amount: 6600, paymentId: 'PAY-ORD-000001', paidAt: '2026-11-21T08:05:00.000Z' };
      expect(await read(bill)).toMatchObject({ ...paid, status: 'void', orderVersion: 6, version: 3 });
      await settled(8, 'paid');
      await settled(7, 'void');
      expect(await read(bill)).toMatchObject({ ...paid, status: 'paid', orderVersion: 8, version: 4 });
      await store.void(bill);
      expect(await read(bill)).toMatchObject({ ...paid, status: 'void' });
    });

    test.each(['paid', 'void'] as const)(
      'P12 a bill that is %s by its order before it was opened or paid has both added to it, once',
      async (status) => {
        const bill = aBill(freshTenant(), 'ORD-000001');
        await store.settle({ ...bill, status, orderVersion: 8 });
        expect(await store.open([bill])).toEqual([undefined]);
        for (const paidAt of ['2026-11-21T08:05:00.000Z', '2026-11-21T09:00:00.000Z'])
          await store.pay(aReceipt(bill, { paidAt }));
        const paid = { paymentId: 'PAY-ORD-000001', paidAt: '2026-11-21T08:05:00.000Z', version: 2 };
        expect(await read(bill)).toMatchObject({ status, items: bill.items, ...paid });
      },
    );

    test('P8 a payment reaches no other tenant’s bill', async () => {
      const [mine, theirs] = [aBill(freshTenant(), 'ORD-000001'), aBill(freshTenant(), 'ORD-000001')];
      await store.open([mine, theirs]);
      await store.pay(aReceipt(theirs));
      expect([(await read(mine))?.status, (await read(theirs))?.status]).toEqual(['pending', 'paid']);
    });

    test('P2 leaves one void bill, whoever opens and voids it at the same time', async () => {
      const bill = aBill(freshTenant(), 'ORD-000001');
      await Promise.all([store.open([bill]), store.void(bill), store.open([bill]), store.void(bill)]);
      expect(await read(bill)).toMatchObject({ status: 'void' });
    });
  });
};
