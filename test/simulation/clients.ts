import type { GetOrderResponse, PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { routes } from '../../lambda/contracts/api/routes';
import { type Answer, isProblem } from '../../lambda/kernel/http/answer';
import { guest } from '../../lambda/kernel/http/caller';
import { scopeOf } from '../../lambda/kernel/http/route';
import type { Tenant } from '../../lambda/kernel/tenant';
import { getOrderRoute } from '../../lambda/order/get-order.http';
import { orderNumbers } from '../../lambda/order/placing/order-number';
import { placeOrderRoute } from '../../lambda/order/placing/place-order.http';
import { productReadStore, tenantSettingsStore } from '../../lambda/order/shop/shop.store';
import { termsOf } from '../../lambda/order/shop/tenant-settings';
import type { Io } from '../stores/io';
import { fixedKeys } from '../support/key-ring';
import { onlySecret } from '../support/secrets';
import { freeWaits } from '../support/waits';
import { siteOf } from './client';
import { noStock, type Parts, timeouts } from './parts';
import { broken } from './promises';
import { placeRequest, trackingRequest } from './requests';
import { type Intent, shops } from './shop';
import { placedBySomeVersion } from './versions';
import { clockOf, type World } from './world';

/** One warm process of the API: it serves one request at a time and keeps its block of order numbers. */
type Process = { io: Io; readonly nextCode: (tenant: Tenant) => Promise<string> };

const trackingSecret = onlySecret('simulated secret');

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

/** What a shop may refuse, when the client was never told otherwise. */
const refusals = ['IdempotencyKeyMismatch', 'ProductDiscontinued', 'TenantSuspended'];

const hear = (intents: readonly Intent[], intent: Intent, answer: Answer) => {
  if (answer.status === 201 && 'body' in answer) return checkPlaced(intents, intent, answer.body as PlaceOrderResponse);
  const problem = 'problem' in answer ? answer.problem : `${answer.status}`;
  if (problem === 'IdempotencyKeyInUse') return;
  if (!refusals.includes(problem)) broken('P3', `${intent.id} was answered ${answer.status} ${problem}`);
  if (intent.answer !== undefined && problem !== 'TenantSuspended') {
    broken('P3', `${intent.id} was answered ${intent.answer.orderId}, then ${problem}`);
  }
  if (problem === 'IdempotencyKeyMismatch' && !intent.contested) broken('P3', `${intent.id} was answered ${problem}`);
  intent.refused = true;
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
      nextCode: orderNumbers((tenant, size) => parts.orderStore(siteOf(world, started.io)).takeNumbers(tenant, size))
        .next,
    };
    return started;
  };

  const serve = async (io: Io, process: Process, intent: Intent): Promise<Answer> => {
    process.io = io;
    const { db } = siteOf(world, io);
    const settings = tenantSettingsStore('orders', db);
    const caller = guest(intent.tenant, termsOf(await settings.of(intent.tenant)));
    const scope = scopeOf(routes.placeOrder, caller);
    if (isProblem(scope)) return scope;
    const orders = placedBySomeVersion(world, parts.orderStore(siteOf(world, io)));
    const products = productReadStore('order-products', db);
    const { nextCode } = process;
    const now = clockOf(world);
    const deps = { orders, keys: fixedKeys, products, stock: noStock, nextCode, trackingSecret, timeouts, now };
    return placeOrderRoute(deps)({ ...placeRequest(intent), caller, scope });
  };

  const place = (intent: Intent) => {
    intent.attempts += 1;
    intent.inFlight += 1;
    let used: Process | undefined;
    world.scheduler.start(
      `order of ${intent.id}`,
      async (io) => {
        used = idle.pop() ?? startProcess(io);
        const answer = await serve(io, used, intent);
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
        const sleep = async () => undefined;
        const deps = {
          keys: fixedKeys,
          orders: parts.orderStore(siteOf(world, io)),
          waits: freeWaits,
          now: () => world.now,
          sleep,
        };
        const answer = await getOrderRoute(deps)(trackingRequest(shop.tenant, placed));
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
