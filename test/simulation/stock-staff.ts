import type * as z from 'zod';
import type { UpdateStockResponse } from '../../lambda/contracts/api/stock-api';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import type { Answer } from '../../lambda/kernel/http/answer';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { siteOf } from './client';
import { noWait, type Parts } from './parts';
import { productKeys } from './product-stock';
import { broken } from './promises';
import type { Random } from './random';
import { staffRequest } from './requests';
import { clockOf, type World } from './world';

type Body = { readonly type: string; readonly quantity: number; readonly expectedVersion?: number };

/** One movement that somebody wants to make by hand, and what was answered: the reference for the ledger. */
export type Wish = {
  readonly id: string;
  readonly tenant: Tenant;
  readonly productId: string;
  readonly body: Body;
  attempts: number;
  inFlight: boolean;
  refused: boolean;
  movementId: string | undefined;
};

const kinds = ['receive', 'receive', 'adjust', 'adjust', 'sell out', 'reserve', 'release', 'deduct'] as const;

const bodyOf = (random: Random, { stock, version }: Pick<StockItem, 'stock' | 'version'>): Body => {
  const kind = random.pick(kinds);
  const expected = random.chance(0.4) ? { expectedVersion: version } : {};
  if (kind === 'sell out') return { type: 'adjust', quantity: -Math.max(1, stock), ...expected };
  const quantity = 1 + random.below(3);
  return { type: kind, quantity: kind === 'adjust' && random.chance(0.8) ? -quantity : quantity, ...expected };
};

type Told = z.infer<typeof UpdateStockResponse>;

const checkMoved = (world: World, wish: Wish, { movement }: Told, replayed: boolean) => {
  const { id, tenant, productId, body, movementId } = wish;
  if (movementId !== undefined && movementId !== movement.movementId) {
    broken('P3', `${id} was answered movement ${movementId}, then ${movement.movementId}`);
  }
  const { expectedVersion } = body;
  if (!replayed && expectedVersion !== undefined && movement.version !== expectedVersion + 1) {
    broken('S4-24', `${id} expected version ${expectedVersion} and made ${movement.version}`);
  }
  const ledger = world.movements.all(tenantKey(tenant, productId));
  if (!ledger.some((one) => one.movementId === movement.movementId && one.reason === id)) {
    broken('P4', `${id} was told of movement ${movement.movementId} of ${productId}, which is not in the ledger`);
  }
  wish.movementId = movement.movementId;
};

/** Those who keep the stock: they receive, adjust, hold, and repeat what was not answered under the same key. */
export const stockStaff = (world: World, parts: Parts) => {
  const wishes: Wish[] = [];

  const hear = (wish: Wish, answer: Answer) => {
    const replayed = answer.headers?.['idempotency-replayed'] === 'true';
    if (answer.status === 200 && 'body' in answer) return checkMoved(world, wish, answer.body as Told, replayed);
    if (answer.status !== 409) broken('P4', `${wish.id} was answered ${answer.status}`);
    wish.refused = true;
  };

  const ask = (wish: Wish) => {
    wish.attempts += 1;
    wish.inFlight = true;
    const { id, tenant, productId, body } = wish;
    const headers = { 'idempotency-key': id };
    const request = staffRequest(tenant, { body: { ...body, reason: id }, headers, named: productId });
    world.scheduler.start(
      `${id}: ${body.type} ${body.quantity} of ${tenant}#${productId}`,
      async (io) => {
        const deps = { ledger: parts.ledgerStore(siteOf(world, io)), backoff: noWait, now: clockOf(world) };
        const answer = await parts.updateStockRoute(deps)(request);
        await io('keeper.hears', () => hear(wish, answer));
      },
      () => {
        wish.inFlight = false;
      },
    );
  };

  const isOpen = ({ movementId, refused, inFlight, attempts }: Wish) =>
    !inFlight && attempts < 3 && !refused && movementId === undefined;

  const newWish = (): Wish => {
    const { tenant, productId } = world.random.pick(productKeys);
    const item = world.stock.get(tenantKey(tenant, productId)) ?? { stock: 0, version: 0 };
    const body = bodyOf(world.random, item);
    const open = { attempts: 0, inFlight: false, refused: false, movementId: undefined };
    const wish = { id: `keeper-${wishes.length + 1}`, tenant, productId, body, ...open };
    wishes.push(wish);
    return wish;
  };

  return {
    wishes,
    /** Somebody makes a movement: one that was not answered, or a new one. */
    act: (): void => ask(wishes.find(isOpen) ?? newWish()),
  };
};
