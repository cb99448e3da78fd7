import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { createLiveClient, type LiveOptions, type Update } from '../../clients/live';
import { pauseBefore } from '../../clients/socket-keeper';
import { ClientFrame, type LiveError, type ServerFrame } from '../../lambda/contracts/api/live-api';
import { until } from '../../scripts/lib/wait';

type Received = { readonly connection: number; readonly frame: ClientFrame };

/** A server that notes what it is sent, each frame by its contract, and says what it is told to. */
const openServer = async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const sockets: WebSocket[] = [];
  const queries: string[] = [];
  const received: Received[] = [];
  server.on('connection', (socket, { url = '' }) => {
    const connection = sockets.push(socket);
    queries.push(url);
    socket.on('message', (data) =>
      received.push({ connection, frame: ClientFrame.parse(JSON.parse(data.toString('utf8'))) }),
    );
  });
  return {
    url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    queries,
    received,
    say: (frame: ServerFrame | string) =>
      sockets.at(-1)?.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    breakOff: () => sockets.at(-1)?.terminate(),
    connections: () => sockets.length,
    close: () => {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
};

const eventually = async (what: string, holds: () => boolean) => {
  const held = await until(async () => holds() || undefined, { timeoutMs: 5000, everyMs: 10 });
  if (held === undefined) throw new Error(`waited in vain: ${what}`);
};

type Server = Awaited<ReturnType<typeof openServer>>;

let server: Server;
let stops: (() => void)[] = [];

beforeEach(async () => {
  server = await openServer();
});

afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  server.close();
});

const openClient = (given: Partial<LiveOptions> = {}) => {
  const client = createLiveClient({ url: server.url, WebSocket, ...given });
  stops.push(client.close);
  return client;
};

/** Follows an order, or the feed, and collects what is told. */
const follow = (client: ReturnType<typeof openClient>, orderId?: string, more: object = {}) => {
  const updates: Update[] = [];
  const refusals: LiveError[] = [];
  const follower = {
    onUpdate: (update: Update) => updates.push(update),
    onRefused: (error: LiveError) => refusals.push(error),
  };
  const stop = orderId === undefined ? client.followFeed(follower) : client.followOrder({ orderId, ...more }, follower);
  return {
    updates,
    refusals,
    stop,
    versions: () => updates.map((one) => (one.kind === 'order' ? one.version : 'payment')),
  };
};

const asked = (count: number) => eventually(`${count} frames`, () => server.received.length >= count);

const push = (version: number, orderId = 'ORD-000001'): ServerFrame => ({
  type: 'order',
  orderId,
  version,
  event: 'OrderConfirmed',
  at: '2026-11-21T08:00:00.000Z',
  status: 'CONFIRMED',
});

const subscribed = (version: number): ServerFrame => ({
  type: 'subscribed',
  orderId: 'ORD-000001',
  order: { version, status: 'PENDING', paymentStatus: 'WAITING_PAYMENT', stockStatus: 'RESERVED' },
});

describe('S2-30 the client of the live status', () => {
  test('brings its credentials, and asks for what is to be followed', async () => {
    follow(openClient({ token: 'a.b.c', storefrontKey: 'key' }), 'ORD-000001', { trackingToken: 'secret' });
    await asked(1);
    expect(server.queries).toEqual(['/?token=a.b.c&storefrontKey=key']);
    expect(server.received[0]?.frame).toEqual({ action: 'subscribe', orderId: 'ORD-000001', trackingToken: 'secret' });
  });

  test('reports each change once, never an older one after a newer one', async () => {
    const { updates, versions } = follow(openClient(), 'ORD-000001');
    await asked(1);
    for (const frame of [subscribed(2), push(3), push(3), push(2), push(5), push(4), push(9, 'ORD-000002'), push(6)])
      server.say(frame);
    await eventually('version 6', () => versions().includes(6));
    expect(versions()).toEqual([2, 3, 5, 6]);
    expect(updates[0]).toEqual({
      kind: 'order',
      orderId: 'ORD-000001',
      version: 2,
      status: 'PENDING',
      paymentStatus: 'WAITING_PAYMENT',
      stockStatus: 'RESERVED',
    });
  });

  test('when the connection breaks it makes another one and goes on from the version that it knows', async () => {
    const connected: boolean[] = [];
    const { versions } = follow(openClient({ onConnection: (one) => connected.push(one) }), 'ORD-000001');
    await asked(1);
    server.say(push(3));
    await eventually('version 3', () => versions().includes(3));
    server.breakOff();
    await asked(2);
    expect(server.received[1]).toEqual({
      connection: 2,
      frame: { action: 'subscribe', orderId: 'ORD-000001', sinceVersion: 3 },
    });
    server.say(subscribed(7));
    await eventually('version 7', () => versions().includes(7));
    expect([versions(), connected]).toEqual([
      [3, 7],
      [true, false, true],
    ]);
  });

  test('when its token has expired it comes again with a new one', async () => {
    let given = 0;
    const token = async () => {
      given += 1;
      return `token-${given}`;
    };
    const { refusals } = follow(openClient({ token }), 'ORD-000001');
    await asked(1);
    server.say({ type: 'error', problem: 'InvalidToken', detail: 'expired' });
    await asked(2);
    expect([server.queries, refusals]).toEqual([['/?token=token-1', '/?token=token-2'], []]);
  });

  test('reports whose follower was refused, and does not ask for it again', async () => {
    const client = openClient();
    const [mine, other] = [follow(client, 'ORD-000001'), follow(client, 'ORD-000002')];
    await asked(2);
    server.say({ type: 'error', problem: 'OrderNotFound', detail: 'not found', orderId: 'ORD-000002' });
    await eventually('the refusal', () => other.refusals.length > 0);
    expect([mine.refusals, other.refusals[0]?.problem]).toEqual([[], 'OrderNotFound']);
    server.breakOff();
    await asked(3);
    expect(server.received.slice(2).map(({ frame }) => frame)).toEqual([
      { action: 'subscribe', orderId: 'ORD-000001' },
    ]);
  });

  test.each(['Forbidden', 'TooManySubscriptions'] as const)(
    'a feed that is refused because of %s is told so; the refusal of an order is none of its affair',
    async (problem) => {
      const client = openClient();
      const [feed, order] = [follow(client), follow(client, 'ORD-000002')];
      await asked(2);
      server.say({ type: 'error', problem, detail: 'no', orderId: 'ORD-000002' });
      await eventually('the refusal of the order', () => order.refusals.length > 0);
      expect(feed.refusals).toEqual([]);
      server.say({ type: 'error', problem, detail: 'no' });
      await eventually('the refusal of the feed', () => feed.refusals.length > 0);
      expect([feed.refusals[0]?.problem, order.refusals]).toMatchObject([problem, [{ orderId: 'ORD-000002' }]]);
    },
  );

  test('what it does not know of a newer server, it leaves alone', async () => {
    const { versions } = follow(openClient(), 'ORD-000001');
    await asked(1);
    for (const text of ['', 'x', '[]', '{"type":"holiday"}', '{"type":"order","version":-1}']) server.say(text);
    server.say(push(3));
    await eventually('version 3', () => versions().includes(3));
    expect(versions()).toEqual([3]);
  });

  test('unsubscribes with the last follower of an order', async () => {
    const client = openClient();
    const [one, other] = [follow(client, 'ORD-000001'), follow(client, 'ORD-000001', { trackingToken: 'secret' })];
    await asked(2);
    one.stop();
    other.stop();
    other.stop();
    follow(client, 'ORD-000002');
    await asked(4);
    expect(server.received.slice(2).map(({ frame }) => frame)).toEqual([
      { action: 'unsubscribe', orderId: 'ORD-000001' },
      { action: 'subscribe', orderId: 'ORD-000002' },
    ]);
  });

  test('at the feed each order has versions of its own, and payments theirs', async () => {
    const { versions } = follow(openClient());
    await asked(1);
    expect(server.received[0]?.frame).toEqual({ action: 'subscribe', feed: true });
    const payment = { type: 'payment', orderId: 'ORD-000001', paymentVersion: 1, event: 'PaymentRequested' } as const;
    for (const frame of [push(3), push(3, 'ORD-000002'), { ...payment, at: '2026-11-21T08:00:00.000Z' }, push(4)])
      server.say(frame);
    await eventually('version 4', () => versions().includes(4));
    expect(versions()).toEqual([3, 3, 'payment', 4]);
  });

  test('once it is closed it stays closed', async () => {
    const connected: boolean[] = [];
    const client = openClient({ onConnection: (one) => connected.push(one) });
    follow(client, 'ORD-000001');
    await asked(1);
    client.close();
    server.breakOff();
    await new Promise((resolve) => setTimeout(resolve, pauseBefore(0, () => 1) + 100)); // nothing is to happen in it
    expect([server.connections(), connected]).toEqual([1, [true]]);
  });
});

test('it waits twice as long before each try, half a minute at most, and not as long as its neighbours', () => {
  const pauses = [0, 1, 2, 3, 6, 10, 1000].map((attempt) => pauseBefore(attempt, () => 1));
  expect(pauses).toEqual([500, 1000, 2000, 4000, 30_000, 30_000, 30_000]);
  expect([pauseBefore(0, () => 0), pauseBefore(3, () => 0.5)]).toEqual([250, 3000]);
});
