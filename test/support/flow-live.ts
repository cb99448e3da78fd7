import { once } from 'node:events';
import { WebSocket } from 'ws';
import { ServerFrame } from '../../lambda/contracts/api/live-api';
import { localLiveId } from '../../lib/live';
import { endpoint, eventually, postUntilAnswered, reaches, type Shop } from './flow';
import { openShop, stock } from './flow-shop';

const liveUrl = `${endpoint.replace(/^http/, 'ws')}/_aws/execute-api/${localLiveId}/local`;

type Credentials = { readonly token?: string; readonly storefrontKey?: string };

/** What a client is sent when a function takes too long: on AWS it is JSON, but no frame of ours either. */
const ofTheEmulator = /^Task timed out/;

/** A connection to the live status that keeps every frame it is sent, each as its contract says. */
export const connectLive = async (credentials: Credentials, name = 'somebody') => {
  const frames: ServerFrame[] = [];
  const socket = new WebSocket(`${liveUrl}?${new URLSearchParams({ ...credentials })}`);
  socket.on('message', (data) => {
    const text = data.toString('utf8');
    if (!ofTheEmulator.test(text)) frames.push(ServerFrame.parse(JSON.parse(text)));
  });
  await once(socket, 'open'); // a refused handshake is thrown
  socket.on('error', () => undefined);
  const say = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  return {
    name,
    frames,
    say,
    /** Sends a frame and waits for the next one that is no push. */
    ask: async (frame: unknown): Promise<ServerFrame> => {
      const answers = () => frames.filter(({ type }) => type !== 'order' && type !== 'payment');
      const before = answers().length;
      say(frame);
      return eventually(`${name} is answered`, async () => answers()[before]);
    },
    pushes: () => frames.flatMap((frame) => (frame.type === 'order' ? [frame] : [])),
    isClosed: () => socket.readyState === WebSocket.CLOSED,
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
};

export type LiveConnection = Awaited<ReturnType<typeof connectLive>>;

const open: LiveConnection[] = [];

afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
});

/** Connects as a careful client does: again while nobody answers. */
export const connect = async (...given: Parameters<typeof connectLive>) => {
  const connection = await eventually('a connection', () => connectLive(...given).catch(() => undefined));
  open.push(connection);
  return connection;
};

/** A guest's order. */
export type Placed = { readonly shop: Shop; readonly orderId: string; readonly trackingToken: string };

export const place = async (shop: Shop): Promise<Placed> => {
  const { body } = await postUntilAnswered(shop, { items: [{ productId: 'PROD-1', quantity: 1 }] });
  return { shop, orderId: body.orderId, trackingToken: body.trackingToken };
};

export const openStockedShop = async (): Promise<Shop> => {
  const shop = await openShop();
  await stock(shop, 'PROD-1', 1000);
  return shop;
};

export const placeConfirmed = async (shop: Shop): Promise<Placed> => {
  const placed = await place(shop);
  await reaches(shop, placed.orderId, ['CONFIRMED', 'RESERVED']);
  return placed;
};

export const follow = async (connection: LiveConnection, { orderId, trackingToken }: Placed, more: object = {}) => {
  const answer = await connection.ask({ action: 'subscribe', orderId, trackingToken, ...more });
  expect(answer).toMatchObject({ type: 'subscribed', orderId });
  return answer as Extract<ServerFrame, { type: 'subscribed' }>;
};

export const guestOf = async (placed: Placed) => {
  const guest = await connect({ storefrontKey: placed.shop.key });
  return { guest, answer: await follow(guest, placed) };
};
