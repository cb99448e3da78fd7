import type { GetOrderResponse, PlaceOrderResponse } from '../../lambda/contracts/order-api';
import type { Answer } from '../../lambda/kernel/answer';
import type { Request } from '../../lambda/kernel/http';
import type { Tenant } from '../../lambda/kernel/tenant';
import { getOrderRoute } from '../../lambda/order/get-order.http';
import { orderNumbers } from '../../lambda/order/order-number';
import { placeOrderRoute } from '../../lambda/order/place-order.http';
import type { Io } from '../stores/io';
import { broken } from './promises';
import { catalogOf, type Intent, placeRequest, readRequest, shops } from './shop';
import { type Parts, patience } from './system';
import { clockOf, type World } from './world';

/** One warm process of the API: it serves one request at a time and keeps its block of order numbers. */
type Process = { io: Io; readonly nextCode: (tenant: Tenant) => Promise<string> };

const trackingSecret = 'simulated secret';

const checkPlaced = (intents: readonly Intent[], intent: Intent, body: PlaceOrderResponse) => {
  const { id, idempotencyKey, tenant, total, items, answer } = intent;
  if (body.total !== total) broken('P1', `${id} was told a total of ${body.total}, not ${total}`);
  const told = body.items.map(({ productId, quantity }) => ({ productId, quantity }));
  if (JSON.stringify(told) !== JSON.stringify(items)) broken('P1', `${id} was told of other items`);
  if (answer !== undefined && JSON.stringify(answer) !== JSON.stringify(body)) {
    broken('P3', `${id} was answered ${answer.orderId}, then ${body.orderId}`);
  }
  for (const other of intents) {
    if (other === intent || other.tenant !== tenant || other.answer?.orderId !== body.orderId) continue;
    broken('P3', `${id} and ${other.id} were both given ${body.orderId} (key ${idempotencyKey})`);
  }
  intent.answer = body;
};

const hear = (intents: readonly Intent[], intent: Intent, answer: Answer) => {
  if (answer.status === 201 && 'body' in answer) checkPlaced(intents, intent, answer.body as PlaceOrderResponse);
  else if (answer.status === 422 && intent.contested && intent.answer === undefined) intent.refused = true;
  else if (answer.status !== 409) broken('P3', `${intent.id} was answered ${answer.status}`);
};

const checkForeignRead = (intent: Intent, { status }: Answer) => {
  if (status !== 404) broken('P8', `another shop read ${intent.answer?.orderId}: ${status}`);
};

const checkRead = (intent: Intent, answer: Answer) => {
  if (answer.status !== 200 || !('body' in answer)) return broken('P1', `${intent.id} no longer finds its order`);
  const { version, total } = answer.body as GetOrderResponse;
  if (version < intent.seenVersion) broken('P1', `${intent.id} saw version ${intent.seenVersion}, then ${version}`);
  if (total !== intent.total) broken('P1', `${intent.id} reads a total of ${total}, not ${intent.total}`);
  intent.seenVersion = version;
};

/** Nothing more is wanted: an answer came, a refusal, or no key allows to ask again. */
const isFinished = ({ answer, refused, idempotencyKey, attempts }: Intent) =>
  answer !== undefined || refused || (idempotencyKey === undefined && attempts > 0);

/** The clients: they ask, repeat what was not answered when they have a key, and read what they were given. */
export const clients = (world: World, parts: Parts, intents: readonly Intent[]) => {
  const idle: Process[] = [];

  const startProcess = (io: Io): Process => {
    const started: Process = {
      io,
      nextCode: orderNumbers((tenant, size) => parts.orderStore(world.orders, started.io).takeNumbers(tenant, size))
        .next,
    };
    return started;
  };

  const serve = async (io: Io, process: Process, request: Request) => {
    process.io = io;
    const orders = parts.orderStore(world.orders, io);
    const products = { find: (tenant: Tenant) => io('products.find', () => catalogOf(tenant)) };
    const { nextCode } = process;
    const now = clockOf(world);
    const stock = { shortOf: async () => undefined };
    return placeOrderRoute({ orders, products, stock, nextCode, trackingSecret, patience, now })(request);
  };

  const place = (intent: Intent) => {
    intent.attempts += 1;
    intent.inFlight += 1;
    let used: Process | undefined;
    world.scheduler.start(
      `order of ${intent.id}`,
      async (io) => {
        used = idle.pop() ?? startProcess(io);
        const answer = await serve(io, used, placeRequest(intent));
        await io('client.hears', () => hear(intents, intent, answer));
      },
      (end) => {
        intent.inFlight -= 1;
        intent.startsAt = world.now + 1000 + world.random.below(20_000);
        if (end !== 'crashed' && used !== undefined) idle.push(used);
      },
    );
  };

  const read = (intent: Intent, foreign: boolean) => {
    const placed = intent.answer;
    const shop = shops.find(({ tenant }) => (tenant === intent.tenant) !== foreign);
    if (placed === undefined || shop === undefined) return;
    world.scheduler.start(
      `${intent.id} looks at ${placed.orderId}`,
      async (io) => {
        const seenBefore = intent.seenVersion;
        const deps = { orders: parts.orderStore(world.orders, io) };
        const answer = await getOrderRoute(deps)(readRequest(shop.tenant, placed));
        await io('client.sees', () => {
          if (foreign) checkForeignRead(intent, answer);
          else if (intent.seenVersion === seenBefore) checkRead(intent, answer); // else a later answer came first
        });
      },
      () => undefined,
    );
  };

  return {
    place,
    read,
    /** Those who want to ask now: for the first time, or again. */
    waiting: (): Intent[] =>
      intents.filter((intent) => !isFinished(intent) && intent.inFlight === 0 && intent.startsAt <= world.now),
    open: (): Intent[] => intents.filter((intent) => !isFinished(intent) || intent.inFlight > 0),
  };
};

export type Clients = ReturnType<typeof clients>;
