import {
  type LiveError,
  type OrderPush,
  type OrderState,
  type PaymentPush,
  ServerFrame,
} from '../lambda/contracts/api/live-api';
import { type Socket, type SocketClass, socketKeeper } from './socket-keeper';

export type LiveOptions = {
  /** Where the WebSocket API is, with its stage: `wss://….execute-api.us-east-1.amazonaws.com/prod`. */
  readonly url: string;
  /** The ID token of a user, or where to get one that has not expired. @default the caller is a guest */
  readonly token?: string | (() => Promise<string>);
  /** Names the shop of a guest. @default the default shop */
  readonly storefrontKey?: string;
  /** For runtimes without one of their own, such as Node 20: that of the package `ws`. @default the runtime's own */
  readonly WebSocket?: SocketClass;
  /** Whether there is a connection. What came meanwhile is told when there is one again. */
  readonly onConnection?: (connected: boolean) => void;
};

/** An order after a change, or as it was found, when there is no `event`. It is never older than the one told before. */
export type OrderUpdate = { readonly kind: 'order' } & Pick<OrderPush, 'orderId' | 'version' | 'status'> &
  Partial<Omit<OrderPush, 'type'> & Pick<OrderState, 'stockStatus'>>;

type PaymentUpdate = { readonly kind: 'payment' } & Omit<PaymentPush, 'type'>;

export type Update = OrderUpdate | PaymentUpdate;

export type Follower = {
  readonly onUpdate: (update: Update) => void;
  /** What is followed is not, because of this. */
  readonly onRefused?: (error: LiveError) => void;
};

type OrderToFollow = {
  readonly orderId: string;
  readonly trackingToken?: string;
  /** The newest version that is known already. */
  readonly sinceVersion?: number;
};

export type LiveClient = {
  /** Follows an order until what it answers with is called. */
  readonly followOrder: (order: OrderToFollow, follower: Follower) => () => void;
  /** Follows every order of the tenant, for its staff. What happened while there was no connection is not told. */
  readonly followFeed: (follower: Follower) => () => void;
  readonly close: () => void;
};

type Followed = {
  readonly follower: Follower;
  readonly target: { readonly orderId: string; readonly trackingToken?: string } | { readonly feed: true };
  /** The newest version of each order that was told. */
  readonly versions: Map<string, number>;
};

const maxVersions = 1000; // at the feed: of orders that nothing has happened to for long, no old frame comes any more

const isNews = ({ versions }: Followed, name: string, version: number): boolean => {
  if (version <= (versions.get(name) ?? 0)) return false;
  versions.delete(name);
  versions.set(name, version);
  const [oldest] = versions.keys();
  if (versions.size > maxVersions && oldest !== undefined) versions.delete(oldest);
  return true;
};

const follows = ({ target }: Followed, orderId: string) => 'feed' in target || target.orderId === orderId;

const tellPush = (followed: Followed, { type: kind, ...push }: OrderPush | PaymentPush): void => {
  const [name, version] =
    'version' in push ? [push.orderId, push.version] : [`payment of ${push.orderId}`, push.paymentVersion];
  if (follows(followed, push.orderId) && isNews(followed, name, version))
    followed.follower.onUpdate({ kind, ...push } as Update);
};

const tellState = (followed: Followed, orderId: string | undefined, order: OrderState | undefined): void => {
  if (orderId === undefined || order === undefined || 'feed' in followed.target) return;
  if (follows(followed, orderId) && isNews(followed, orderId, order.version))
    followed.follower.onUpdate({ kind: 'order', orderId, ...order });
};

const tell = (followed: Followed, frame: ServerFrame): void => {
  if (frame.type === 'subscribed') tellState(followed, frame.orderId, frame.order);
  if (frame.type === 'order' || frame.type === 'payment') tellPush(followed, frame);
};

const refusalsOfFeeds: readonly LiveError['problem'][] = ['Forbidden', 'TooManySubscriptions'];

/** A refusal of a follower is one that names its order, or a feed's, which names none. */
const concerns = ({ target }: Followed, { problem, orderId }: LiveError): boolean =>
  'feed' in target ? orderId === undefined && refusalsOfFeeds.includes(problem) : orderId === target.orderId;

const parse = (text: unknown): ServerFrame | undefined => {
  try {
    return ServerFrame.safeParse(JSON.parse(String(text))).data;
  } catch {
    return undefined; // of a newer server
  }
};

const subscription = ({ target, versions }: Followed) => {
  const sinceVersion = 'orderId' in target ? versions.get(target.orderId) : undefined;
  return { action: 'subscribe', ...target, ...(sinceVersion === undefined ? {} : { sinceVersion }) };
};

const nameOf = ({ target }: Followed) => ('feed' in target ? 'feed' : target.orderId);

const unsubscription = ({ target }: Followed) => ({
  action: 'unsubscribe',
  ...('feed' in target ? target : { orderId: target.orderId }),
});

/** What a new connection, with a new token and after a while, may mend. */
const passing: readonly LiveError['problem'][] = ['InvalidToken', 'TooManyRequests', 'InternalError'];

const urlOf = async ({ url, token, storefrontKey }: LiveOptions): Promise<string> => {
  const bearer = typeof token === 'function' ? await token() : token;
  const query = new URLSearchParams({
    ...(bearer === undefined ? {} : { token: bearer }),
    ...(storefrontKey === undefined ? {} : { storefrontKey }),
  });
  return query.size === 0 ? url : `${url}?${query}`;
};

/**
 * Follows orders over one connection. When it breaks, or its token expires, the client connects again, waiting longer
 * each time, and goes on from the versions that it knows: a change is told once, and the newest one always.
 *
 * ```ts
 * const live = createLiveClient({ url, token });
 * const stop = live.followOrder({ orderId: 'ORD-000001' }, { onUpdate: ({ orderId }) => reload(orderId) });
 * ```
 */
export const createLiveClient = (options: LiveOptions): LiveClient => {
  const all = new Set<Followed>();

  const refused = (error: LiveError, reconnect: () => void): void => {
    if (passing.includes(error.problem)) {
      reconnect();
      return;
    }
    for (const followed of [...all].filter((one) => concerns(one, error))) {
      all.delete(followed);
      followed.follower.onRefused?.(error);
    }
  };

  const receive = (frame: ServerFrame | undefined, reconnect: () => void): void => {
    if (frame?.type === 'error') refused(frame, reconnect);
    else if (frame !== undefined) for (const followed of all) tell(followed, frame);
  };

  const keeper = socketKeeper({
    url: () => urlOf(options),
    WebSocket: options.WebSocket ?? (globalThis as unknown as { readonly WebSocket: SocketClass }).WebSocket,
    onOpen: (socket: Socket) => {
      options.onConnection?.(true);
      for (const followed of all) socket.send(JSON.stringify(subscription(followed)));
    },
    onText: (text, reconnect) => receive(parse(text), reconnect),
    onClose: () => options.onConnection?.(false),
  });

  const follow = (followed: Followed) => {
    all.add(followed);
    keeper.send(JSON.stringify(subscription(followed)));
    return () => {
      const isLast = all.delete(followed) && ![...all].some((other) => nameOf(other) === nameOf(followed));
      if (isLast) keeper.send(JSON.stringify(unsubscription(followed)));
    };
  };

  return {
    followOrder: ({ sinceVersion, ...target }, follower) => {
      const versions = new Map(sinceVersion === undefined ? [] : [[target.orderId, sinceVersion]]);
      return follow({ follower, target, versions });
    },
    followFeed: (follower) => follow({ follower, target: { feed: true }, versions: new Map() }),
    close: keeper.close,
  };
};
