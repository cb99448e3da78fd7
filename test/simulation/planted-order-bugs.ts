import { tenantKey, trustedTenant } from '../../lambda/kernel/tenant';
import { soundParts } from './parts';

type OrderStoreOf = typeof soundParts.orderStore;
type BillStoreOf = typeof soundParts.billStore;
type NotificationStoreOf = typeof soundParts.notificationStore;

/** Says that the order is stored, and stores it afterwards. */
export const acknowledgedFirst: OrderStoreOf = (table, io) => {
  const sound = soundParts.orderStore(table, io);
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
export const numbersReadThenWritten: OrderStoreOf = (table, io) => ({
  ...soundParts.orderStore(table, io),
  takeNumbers: async (tenant, size) => {
    const last = await io('orders.readNumber', () => table.counters.get(tenant) ?? 0);
    await io('orders.writeNumber', () => table.counters.set(tenant, last + size));
    return last + 1;
  },
});

/** Writes over whatever is there. */
export const unversioned: OrderStoreOf = (table, io) => {
  const sound = soundParts.orderStore(table, io);
  return {
    ...sound,
    save: (next) =>
      io('orders.save', () => {
        const key = tenantKey(next.tenant, next.orderId);
        const before = table.rows.get(key)?.[0];
        table.rows.set(key, [next]);
        const imageOf = (order: typeof next) => ({ ...order, orderId: key });
        table.onChange(before && imageOf(before), imageOf(next));
        table.lagging.push(() => table.index.delete(key));
        return true;
      }),
  };
};

/** Finds an order by its code alone, whosever it is. */
export const foundByCode: OrderStoreOf = (table, io) => ({
  ...soundParts.orderStore(table, io),
  get: ({ orderId }) => io('orders.get', () => [...table.rows.values()].flat().find((row) => row.orderId === orderId)),
});

/** Stores the order first and the claim after it. */
export const claimBesideOrder: OrderStoreOf = (table, io) => {
  const sound = soundParts.orderStore(table, io);
  return {
    ...sound,
    place: async (order, claim) => {
      const key = tenantKey(order.tenant, claim?.key ?? '');
      const holder = await io('orders.readClaim', () => table.claims.get(key));
      if (claim !== undefined && holder !== undefined) return { placed: false, claimedBy: holder };
      const placed = await sound.place(order);
      const row = { requestHash: claim?.requestHash ?? '', orderId: order.orderId };
      if (claim !== undefined) await io('orders.writeClaim', () => table.claims.set(key, row));
      return placed;
    },
  };
};

/** Opens a bill of its own for each delivery. */
export const billPerCall: BillStoreOf = (table, io, refused) => {
  const sound = soundParts.billStore(table, io, refused);
  return {
    ...sound,
    open: (bills) => sound.open(bills.map((bill) => ({ ...bill, billingId: `${bill.billingId}-${table.size}` }))),
  };
};

/** Forgets whose bill it is. */
export const oneTenant: BillStoreOf = (table, io, refused) => {
  const sound = soundParts.billStore(table, io, refused);
  const tenant = trustedTenant('default');
  return {
    ...sound,
    open: (bills) => sound.open(bills.map((bill) => ({ ...bill, tenant }))),
    void: (bill) => sound.void({ ...bill, tenant }),
  };
};

/** Voids a bill that is void already, and writes so. */
export const voidAgain: BillStoreOf = (table, io, refused) => ({
  ...soundParts.billStore(table, io, refused),
  void: (bill) =>
    io('bills.void', () => {
      const key = `${tenantKey(bill.tenant, bill.billingId)}|${bill.orderId}`;
      table.set(key, { ...bill, status: 'void', version: (table.get(key)?.version ?? 0) + 1 });
    }),
});

/** Leaves a cancelled order unbilled, so that its bill may still be opened. */
export const voidWithoutTombstone: BillStoreOf = (table, io, refused) => {
  const sound = soundParts.billStore(table, io, refused);
  return {
    ...sound,
    void: async (bill) => {
      if (table.has(`${tenantKey(bill.tenant, bill.billingId)}|${bill.orderId}`)) await sound.void(bill);
    },
  };
};

/** Never knows that an e-mail was sent. */
export const neverRecorded: NotificationStoreOf = (table, io, refused) => {
  const sound = soundParts.notificationStore(table, io, refused);
  return { ...sound, wereSent: async (keys) => (await sound.wereSent(keys)).map(() => false) };
};
