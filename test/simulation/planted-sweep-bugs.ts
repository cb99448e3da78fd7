import { soundParts } from './parts';

type Sweep = typeof soundParts.sweepDueOrders;

/** Does not sweep. */
export const nothingFound: Sweep = async () => ({ found: 0, publishedAgain: 0, decided: 0, unfit: 0, failed: [] });

const aDay = 86_400_000;

/** Publishes the event of every order that waits for something, whether its time has come or not. */
export const publishAllAlways: Sweep = async (deps) => {
  const later = new Date(deps.now().getTime() + aDay);
  for (const key of await deps.orders.due(later, 100)) {
    const order = await deps.orders.get(key);
    if (order !== undefined) await deps.publish(soundParts.orderEvents(order));
  }
  return soundParts.sweepDueOrders(deps);
};

/** Asks again, and forgets that it has asked: the order stays due. */
export const neverPostponed: Sweep = (deps) =>
  soundParts.sweepDueOrders({ ...deps, orders: { ...deps.orders, reschedule: async () => true } });
