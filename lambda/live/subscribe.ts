import type { LiveError, OrderState, ServerFrame, Subscribe, Unsubscribe } from '../contracts/live-api';
import type { OrderDescribed } from '../contracts/order-calls';
import { opens } from '../kernel/http/tracking-token';
import { type Connection, subscriptionOf, type Target } from './connection';
import type { FindOrder } from './connection.gateway';
import type { ConnectionStore } from './connection.store';

export type FollowDeps = {
  readonly connections: Pick<ConnectionStore, 'subscribe' | 'unsubscribe'>;
  readonly findOrder: FindOrder;
};

type DescribedOrder = NonNullable<OrderDescribed['order']>;

export const refuse = (problem: LiveError['problem'], detail: string, more: Partial<LiveError> = {}): LiveError => ({
  type: 'error',
  problem,
  detail,
  ...more,
});

/** What whoever is let in no more is told: disabled, logged out, with other roles, or of a shop or key that is closed. */
export const ended = refuse(
  'InvalidToken',
  'The token or storefront key is good no more. Connect again with another one.',
);

const mayFollow = ({ scope, userId }: Connection, order: DescribedOrder, trackingToken: string | undefined): boolean =>
  scope !== 'own' ||
  (userId !== undefined && order.ownerId === userId) ||
  (trackingToken !== undefined && opens(trackingToken, order.trackingTokenHash));

const stateOf = ({ version, status, paymentStatus, stockStatus }: DescribedOrder): OrderState => ({
  version,
  status,
  paymentStatus,
  stockStatus,
});

const targetOf = ({ orderId }: Subscribe | Unsubscribe): Target =>
  orderId === undefined ? { feed: true } : { orderId };

const followTarget = async ({ connections }: FollowDeps, connection: Connection, target: Target) =>
  (await connections.subscribe(subscriptionOf(connection, target)))
    ? undefined
    : refuse('TooManySubscriptions', 'This connection has its maximum of subscriptions. Unsubscribe from one first.');

const followFeed = async (deps: FollowDeps, connection: Connection): Promise<ServerFrame> => {
  if (connection.scope === 'own') return refuse('Forbidden', 'The feed is for the staff of the shop.');
  return (await followTarget(deps, connection, { feed: true })) ?? { type: 'subscribed', feed: true };
};

/** Unknown, another tenant's, another customer's: the same answer. */
const notFound = (orderId: string) => refuse('OrderNotFound', `Order ${orderId} not found`, { orderId });

/** Follows first and looks then, so that whatever happens after what the answer holds is sent. */
const followOrder = async (
  deps: FollowDeps,
  connection: Connection,
  { orderId, trackingToken, sinceVersion = 0 }: Subscribe & { orderId: string },
): Promise<ServerFrame> => {
  const { tenant, scope, userId } = connection;
  if (scope === 'own' && userId === undefined && trackingToken === undefined)
    return refuse('TrackingTokenRequired', 'Send the trackingToken of the order.', { orderId });
  const known = await deps.findOrder(tenant, orderId);
  if (known === undefined || !mayFollow(connection, known, trackingToken)) return notFound(orderId);
  const refused = await followTarget(deps, connection, { orderId });
  if (refused !== undefined) return { ...refused, orderId };
  const order = (await deps.findOrder(tenant, orderId)) ?? known;
  return { type: 'subscribed', orderId, ...(order.version > sinceVersion ? { order: stateOf(order) } : {}) };
};

/** Follows an order, or the tenant's feed, if the connection may see it. */
export const follow = (deps: FollowDeps, connection: Connection, frame: Subscribe): Promise<ServerFrame> =>
  frame.orderId === undefined
    ? followFeed(deps, connection)
    : followOrder(deps, connection, { ...frame, orderId: frame.orderId });

/** Follows it no more. What was not followed is answered the same. */
export const unfollow = async (
  { connections }: Pick<FollowDeps, 'connections'>,
  connection: Connection,
  frame: Unsubscribe,
): Promise<ServerFrame> => {
  const target = targetOf(frame);
  await connections.unsubscribe(subscriptionOf(connection, target));
  return { type: 'unsubscribed', ...target };
};
