import type { ReturnView } from '../../lambda/contracts/api/return-api';
import type { Answer } from '../../lambda/kernel/http/answer';
import type { Request } from '../../lambda/kernel/http/route';
import { requestReturnRoute } from '../../lambda/return/request-return.http';
import type { DeliveredOrder, Return } from '../../lambda/return/return';
import { updateReturnRoute } from '../../lambda/return/update-return.http';
import type { Io } from '../stores/io';
import { fixedKeys } from '../support/key-ring';
import { siteOf } from './client';
import type { Parts } from './parts';
import { broken } from './promises';
import { staffRequest } from './requests';
import { allOrders, clockOf, type World } from './world';

const onwards = { REQUESTED: 'APPROVED', APPROVED: 'COMPLETED', COMPLETED: 'COMPLETED', REJECTED: 'APPROVED' } as const;

type Delivered = Pick<DeliveredOrder, 'tenant' | 'orderId'> & {
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
};

/** Those who bring goods of delivered orders back, and staff who settle that. */
export const returners = (world: World, parts: Parts) => {
  let asked = 0;

  const send = (name: string, request: Request, route: (io: Io) => (request: Request) => Promise<Answer>) => {
    const times = world.random.chance(0.5) ? 2 : 1;
    for (let left = times; left > 0; left -= 1) sendOnce(name, request, route);
  };

  const sendOnce = (name: string, request: Request, route: (io: Io) => (request: Request) => Promise<Answer>) =>
    world.scheduler.start(
      name,
      async (io) => {
        const answer = await route(io)(request);
        await io('returner.hears', () => hear(name, answer));
      },
      () => undefined,
    );

  const hear = (name: string, answer: Answer) => {
    if (answer.status >= 500) broken('P15', `${name} was answered ${answer.status}`);
    if (answer.status >= 300 || !('body' in answer)) return;
    const { returnId } = answer.body as ReturnView;
    const known = [...world.returns.values()].some((one) => one.returnId === returnId);
    if (!known) broken('P1', `${name} was answered ${returnId}, which does not exist`);
  };

  const deps = (io: Io) => ({
    keys: fixedKeys,
    returns: parts.returnStore(siteOf(world, io)),
    windowDays: 30,
    now: clockOf(world),
  });

  const request = () => {
    const noted: readonly Delivered[] = [...world.deliveredOrders.values()];
    const delivered: readonly Delivered[] =
      noted.length > 0 ? noted : allOrders(world).filter(({ status }) => status === 'DELIVERED');
    if (delivered.length === 0) return;
    const { tenant, orderId, lines } = world.random.pick(delivered);
    const { productId, quantity } = world.random.pick(lines);
    asked += 1;
    const headers = { 'idempotency-key': world.random.chance(0.4) ? `return-${asked}` : undefined };
    const items = [{ productId, quantity: 1 + world.random.below(quantity) }];
    const body = { items, reason: 'not as expected' };
    const named = { body, headers, named: orderId };
    send(`return of ${orderId}`, staffRequest(tenant, named), (io) => requestReturnRoute(deps(io)));
  };

  const settle = ({ tenant, returnId, status }: Return) => {
    const next = world.random.chance(0.8) ? onwards[status] : 'REJECTED';
    const sent = staffRequest(tenant, { body: { status: next }, named: returnId });
    send(`${returnId} is ${next}`, sent, (io) => updateReturnRoute(deps(io)));
  };

  return {
    /** Somebody asks for a return, or settles one. */
    act: (): void => {
      const returns = [...world.returns.values()];
      if (returns.length > 0 && world.random.chance(0.6)) settle(world.random.pick(returns));
      else request();
    },
  };
};
