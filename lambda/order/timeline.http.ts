import type { OrderTimeline } from '../contracts/order-api';
import { isProblem } from '../kernel/answer';
import type { Route } from '../kernel/http';
import type { OrderStore } from './order.store';
import { findOrder } from './order-access.http';
import { timelineOf } from './timeline';
import type { AskServices } from './timeline.gateway';

export type TimelineDeps = { readonly orders: Pick<OrderStore, 'get'>; readonly askServices: AskServices };

/** `GET /orders/{orderId}/timeline`: put together when it is read, so that nothing is written for it. */
export const getOrderTimelineRoute =
  ({ orders, askServices }: TimelineDeps): Route =>
  async (request) => {
    const found = await findOrder(orders, request);
    if (isProblem(found)) return found;
    const { known, unavailable } = await askServices(found.order);
    const body: OrderTimeline = { orderId: found.order.orderId, items: timelineOf(found.order, known), unavailable };
    return { status: 200, body };
  };
