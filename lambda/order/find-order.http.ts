import { OrderId } from '../contracts/values/text';
import { type ProblemAnswer, refuse } from '../kernel/http/answer';
import { isGuest } from '../kernel/http/caller';
import type { Request } from '../kernel/http/route';
import { hasHash } from '../kernel/http/token-hash';
import type { Order } from './domain/order';
import type { OrderStore } from './order.store';
import type { Viewer } from './order-view';

/** An order that the caller may see, and the caller's role. */
export type Found = { readonly order: Order; readonly viewer: Viewer };

/** The same 404 for unknown orders and those of other tenants or customers. A malformed ID is not echoed. */
const notFound = (orderId: string): ProblemAnswer =>
  refuse('OrderNotFound', OrderId.safeParse(orderId).success ? `Order ${orderId} not found` : 'Order not found');

const viewerOf = ({ caller, scope, header }: Request, order: Order): Viewer | undefined => {
  if (scope !== 'own') return 'staff';
  if (!isGuest(caller) && order.ownerId === caller.userId) return 'owner';
  const token = header('x-tracking-token');
  return token !== undefined && hasHash(token, order.trackingTokenHash) ? 'tracker' : undefined;
};

/**
 * Returns the order in the path if the caller is staff of its tenant, its owner, or has its tracking token; else 404.
 */
export const findOrder = async (orders: Pick<OrderStore, 'get'>, request: Request): Promise<Found | ProblemAnswer> => {
  const { caller, header } = request;
  if (isGuest(caller) && !header('x-tracking-token'))
    return refuse('TrackingTokenRequired', 'Send the trackingToken of the order as X-Tracking-Token.');
  const orderId = request.pathParameter('orderId');
  if (!OrderId.safeParse(orderId).success) return notFound(orderId);
  const order = await orders.get({ tenant: caller.tenant, orderId });
  const viewer = order && viewerOf(request, order);
  return order === undefined || viewer === undefined ? notFound(orderId) : { order, viewer };
};
