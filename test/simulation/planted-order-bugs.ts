import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tenantKey, trustedTenant } from '../../lambda/kernel/tenant';
import { claimRow, notOrder } from '../../lambda/order/order-row';
import { soundParts } from './parts';
import { withoutConditions } from './rewrites';

type OrderStoreOf = typeof soundParts.orderStore;
type BillStoreOf = typeof soundParts.billStore;
type NotificationStoreOf = typeof soundParts.notificationStore;

/** Says that the order is stored, and stores it afterwards. */
export const acknowledgedFirst: OrderStoreOf = (site) => {
  const sound = soundParts.orderStore(site);
  return {
    ...sound,
    place: async (order, claim) => {
      if (claim !== undefined) return sound.place(order, claim);
      sound.place(order).catch(() => undefined);
      return { placed: true };
    },
  };
};

/** Reads the last number, and writes the next one later. */
export const numbersReadThenWritten: OrderStoreOf = (site) => ({
  ...soundParts.orderStore(site),
  takeNumbers: async (tenant, size) => {
    const Key = { orderId: tenantKey(tenant, 'COUNTER'), createdAt: notOrder };
    const { Item } = await site.db.send(new GetCommand({ TableName: 'orders', Key }));
    const last = Number(Item?.lastNumber ?? 0);
    await site.db.send(new PutCommand({ TableName: 'orders', Item: { ...Key, lastNumber: last + size } }));
    return last + 1;
  },
});

/** Writes over whatever is there. */
export const unversioned: OrderStoreOf = (site) => ({
  ...soundParts.orderStore(site),
  save: soundParts.orderStore(withoutConditions(site, ({ Item }) => Item !== undefined)).save,
});

/** Finds an order by its code alone, whosever it is. */
export const foundByCode: OrderStoreOf = ({ world, io, ...site }) => ({
  ...soundParts.orderStore({ world, io, ...site }),
  get: ({ orderId }) => io('Query orders', () => world.orders.values().find((order) => order.orderId === orderId)),
});

/** Stores the order first and the claim after it. */
export const claimBesideOrder: OrderStoreOf = (site) => {
  const sound = soundParts.orderStore(site);
  return {
    ...sound,
    place: async (order, claim) => {
      if (claim === undefined) return sound.place(order);
      const claimedBy = await sound.claimedBy(order.tenant, claim.key);
      if (claimedBy !== undefined) return { placed: false, claimedBy };
      const placed = await sound.place(order);
      await site.db.send(new PutCommand({ TableName: 'orders', Item: claimRow(order, claim) }));
      return placed;
    },
  };
};

/** Opens a bill of its own for each delivery. */
export const billPerCall: BillStoreOf = (site) => {
  const sound = soundParts.billStore(site);
  return {
    ...sound,
    open: (bills) =>
      sound.open(bills.map((bill) => ({ ...bill, billingId: `${bill.billingId}-${site.world.bills.size}` }))),
  };
};

/** Forgets whose bill it is. */
export const oneTenant: BillStoreOf = (site) => {
  const sound = soundParts.billStore(site);
  const tenant = trustedTenant('default');
  return {
    ...sound,
    open: (bills) => sound.open(bills.map((bill) => ({ ...bill, tenant }))),
    void: (bill) => sound.void({ ...bill, tenant }),
  };
};

/** Voids a bill that is void already, and writes so. */
export const voidAgain: BillStoreOf = (site) => ({
  ...soundParts.billStore(site),
  void: soundParts.billStore(withoutConditions(site, () => true)).void,
});

/** Leaves a cancelled order unbilled, so that its bill may still be opened. */
export const voidWithoutTombstone: BillStoreOf = (site) => {
  const sound = soundParts.billStore(site);
  return {
    ...sound,
    void: async (bill) => {
      if (site.world.bills.has(tenantKey(bill.tenant, bill.billingId))) await sound.void(bill);
    },
  };
};

/** Never knows that an e-mail was sent. */
export const neverRecorded: NotificationStoreOf = (site) => {
  const sound = soundParts.notificationStore(site);
  return { ...sound, wereSent: async (keys) => (await sound.wereSent(keys)).map(() => false) };
};
