import type { OrderStatus } from '../../lambda/contracts/values/order-status';
import type { ChangeOrderDeps } from '../../lambda/order/change-order.http';
import { changed } from '../../lambda/order/domain/order-change';
import { currentView } from '../../lambda/order/order-view';
import { type Parts, soundParts } from './parts';
import { withoutConditions } from './rewrites';

type Route = ReturnType<Parts['updateOrderStatusRoute']>;

const facts = {
  PENDING: 'OrderProcessing',
  CONFIRMED: 'OrderConfirmed',
  PROCESSING: 'OrderProcessing',
  SHIPPED: 'OrderShipped',
  DELIVERED: 'OrderDelivered',
  CANCELLED: 'OrderCancelled',
  RETURNED: 'OrderReturned',
} as const satisfies Record<OrderStatus, string>;

/** Gives an order any status that somebody asks for. */
const anyStatus =
  ({ orders, now, timeouts }: ChangeOrderDeps, statusOf: (body: string) => OrderStatus): Route =>
  async ({ caller: { tenant }, pathParameter, body }) => {
    const order = await orders.get({ tenant, orderId: pathParameter('orderId') });
    if (order === undefined) throw new Error('no such order');
    const status = statusOf(body);
    const fact = { type: facts[status], previousStatus: order.status, reason: 'by-staff' } as const;
    const next = changed(order, { status }, fact as typeof order.fact, { cause: { at: now() }, timeouts });
    if (!(await orders.save(next))) throw new Error('changed meanwhile');
    return { status: 200, body: currentView(next, {}, 'staff') };
  };

export const anyTransition: Parts['updateOrderStatusRoute'] = (deps) =>
  anyStatus(deps, (body) => (JSON.parse(body) as { status: string }).status.toUpperCase() as OrderStatus);

/** Cancels also what is on its way. */
export const cancelAnything: Parts['cancelOrderRoute'] = (deps) => async (request) => {
  const answer = await soundParts.cancelOrderRoute(deps)(request);
  return answer.status === 400 ? anyStatus(deps, () => 'CANCELLED')(request) : answer;
};

/** Believes whatever it hears of the stock last, however old it is. */
export const newsOfAnyVersion: Parts['productStore'] = (site) => {
  const sound = soundParts.productStore(site);
  return { ...sound, get: async (key) => forgetful(await sound.get(key)) };
};

const forgetful = <Known extends { readonly stockVersion: number }>(product: Known | undefined): Known | undefined =>
  product && { ...product, stockVersion: 0 };

/** Puts on sale whatever is restocked, whoever took it off. */
export const restockDecides: Parts['productStore'] = (site) => {
  const sound = soundParts.productStore(site);
  return {
    ...sound,
    get: async (key) => {
      const product = await sound.get(key);
      return product?.offSaleBy === undefined ? product : { ...product, offSaleBy: 'system' };
    },
  };
};

/** Keeps what it is told last, however old it is. */
export const copyOfAnyVersion: Parts['shopStore'] = (site) => soundParts.shopStore(withoutConditions(site, () => true));

/** Waits for goods in every shop, also in one that keeps nobody waiting. */
export const alwaysPatient: Parts['advanceOrder'] = (deps) =>
  soundParts.advanceOrder({ ...deps, timeoutsOf: async () => deps.timeouts });

/** Finds nothing wrong, and tells nobody of anything again. */
export const auditOff: Parts['auditStock'] = () => async () => ({
  judged: 0,
  busy: 0,
  differences: [],
  repaired: 0,
  unrepairable: 0,
  toldAgain: 0,
});

/** Raises alerts, and never takes one back. */
export const neverResolved: Parts['alertStore'] = (site) => {
  const sound = soundParts.alertStore(site);
  return {
    ...sound,
    save: (alert) => sound.save(alert.fact.type === 'AlertResolved' ? { ...alert, state: 'RAISED' } : alert),
  };
};

/** Believes what it hears last of an order, however old it is. */
export const signsOfAnyVersion: Parts['alertStore'] = (site) => {
  const sound = soundParts.alertStore(site);
  return {
    ...sound,
    get: async (key) => {
      const alert = await sound.get(key);
      return alert && { ...alert, sourceVersion: 0 };
    },
  };
};

/** Leaves an order that waits for long where new ones are. */
export const oneShelf: Parts['listKeysOf'] = ({ dueAttempts: _, stockStatus, ...order }) =>
  soundParts.listKeysOf({ ...order, stockStatus: stockStatus === 'BACKORDERED' ? 'PENDING' : stockStatus });
