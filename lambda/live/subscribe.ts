import type { LiveError, OrderState, ServerFrame, Subscribe, Unsubscribe } from '../contracts/api/live-api';
import type { OrderDescribed } from '../contracts/calls/order-calls';
import { hasHash } from '../kernel/http/token-hash';
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

/** The error after a credential became invalid: user disabled, logged out or with other roles, shop or key closed. */
export const ended = refuse(
  'InvalidToken',
  'The token or storefront key is no longer valid. Connect again with another one.',
);

const mayFollow = ({ scope, userId }: Connection, order: DescribedOrder, trackingToken: string | undefined): boolean =>
  scope !== 'own' ||
  (userId !== undefined && order.ownerId === userId) ||
  (trackingToken !== undefined && hasHash(trackingToken, order.trackingTokenHash));

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
    : refuse(
        'TooManySubscriptions',
        'This connection has the maximum number of subscriptions. Unsubscribe from one first.',
      );

const followFeed = async (deps: FollowDeps, connection: Connection): Promise<ServerFrame> => {
  if (connection.scope === 'own') return refuse('Forbidden', 'Only staff of the shop can subscribe to the feed.');
  return (await followTarget(deps, connection, { feed: true })) ?? { type: 'subscribed', feed: true };
};

/** The same response for an unknown order, another tenant's and another customer's. */
const notFound = (orderId: string) => refuse('OrderNotFound', `Order ${orderId} not found`, { orderId });

/** Subscribes before it reads the state, so that every change after the returned state is pushed. */
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

/** Subscribes the connection to an order or to the tenant's feed. Returns an error when it has no access. */
export const follow = (deps: FollowDeps, connection: Connection, frame: Subscribe): Promise<ServerFrame> =>
  frame.orderId === undefined
    ? followFeed(deps, connection)
    : followOrder(deps, connection, { ...frame, orderId: frame.orderId });

/** Ends a subscription. Returns the same response when there was none. */
export const unfollow = async (
  { connections }: Pick<FollowDeps, 'connections'>,
  connection: Connection,
  frame: Unsubscribe,
): Promise<ServerFrame> => {
  const target = targetOf(frame);
  await connections.unsubscribe(subscriptionOf(connection, target));
  return { type: 'unsubscribed', ...target };
};
