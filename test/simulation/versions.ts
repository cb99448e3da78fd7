import type { OrderStore } from '../../lambda/order/order.store';
import type { Parcel } from './queues';
import type { World } from './world';

type Body = Record<string, unknown> & { data: Record<string, unknown> };

/** An event as it was published before there were payments; only what is not paid here was told like that. */
const older = (parcel: Parcel): Parcel => {
  const { actor: _a, network: _n, data, ...event } = JSON.parse(parcel.body) as Body;
  if ((data.paymentStatus ?? 'NOT_REQUIRED') !== 'NOT_REQUIRED' || event.source === '/payments') return parcel;
  const { paymentStatus: _s, paymentMethod: _m, userId: _u, ...rest } = data;
  return { ...parcel, body: JSON.stringify({ ...event, data: rest }) };
};

/** An event as a later version may publish it: with more in it than anybody knows today. */
const newer = (parcel: Parcel): Parcel => {
  const { data, ...event } = JSON.parse(parcel.body) as Body;
  const more = { ofTheNextVersion: { points: 3 } };
  return { ...parcel, body: JSON.stringify({ ...event, ...more, data: { ...data, ...more } }) };
};

const published: Readonly<Record<string, (parcel: Parcel) => Parcel>> = { older, newer };

/** Old, present and new code run side by side, and each publishes as it knows. */
export const bySomeVersion = ({ faults }: World, parcel: Parcel): Parcel => {
  const version = faults.at('version', { older: 0.04, newer: 0.04 });
  return version === undefined ? parcel : (published[version]?.(parcel) ?? parcel);
};

/** Now and then an order is placed by the code from before payments, which noted nothing of them. */
export const placedBySomeVersion = ({ faults }: World, orders: OrderStore): OrderStore => ({
  ...orders,
  place: (order, claim) => {
    const isOld = faults.at('order row', { 'as before payments': 0.1 }) !== undefined;
    if (!isOld || order.paymentStatus !== 'NOT_REQUIRED') return orders.place(order, claim);
    const { actor: _a, network: _n, ...fact } = order.fact;
    const history = order.history.map(({ at, event, status, stockStatus }) => ({ at, event, status, stockStatus }));
    return orders.place({ ...order, fact, history }, claim);
  },
});
