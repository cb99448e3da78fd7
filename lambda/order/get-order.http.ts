import { GetOrderQuery } from '../contracts/order-api';
import { isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Request, Route } from '../kernel/http';
import { etag, parseQuery } from '../kernel/http-input';
import type { OrderStore } from './order.store';
import { type Found, findOrder } from './order-access.http';
import { wholeView } from './order-view';

export type GetOrderDeps = {
  readonly orders: Pick<OrderStore, 'get'>;
  /** In milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** How long a request waits for a version at most: API Gateway gives up on a function after 29 seconds. */
const patienceMs = 20_000;

const firstPauseMs = 250;
const longestPauseMs = 1000;

/** The order, once it has the version, or as it is when the time is up. What is not found is not waited for. */
const findVersion = async (deps: GetOrderDeps, request: Request, version: number): Promise<Found | ProblemAnswer> => {
  const end = deps.now() + patienceMs;
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const found = await findOrder(deps.orders, request);
    const left = end - deps.now();
    if (isProblem(found) || found.order.version >= version || left <= 0) return found;
    await deps.sleep(Math.min(pause, left));
  }
};

/** `GET /orders/{orderId}`: an unknown order, another tenant's and a wrong token are answered the same. */
export const getOrderRoute =
  (deps: GetOrderDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, GetOrderQuery);
    if (isProblem(parsed)) return parsed;
    const found = await findVersion(deps, request, parsed.query.waitForVersion ?? 0);
    if (isProblem(found)) return found;
    const headers = etag(found.order.version);
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    return { status: 200, body: wholeView(found.order, found.viewer), headers };
  };
