import { Problem } from '../../lambda/contracts/problem';
import { type Operation, routes } from '../../lambda/contracts/routes';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import type { Route } from '../../lambda/kernel/http/http';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { type Random, seededRandom } from '../simulation/random';
import { type GeneratedRequest, generateRequest } from '../support/generated-request';
import { call } from '../support/http';
import { servedRoutes } from './served-routes';

const callers: Caller[] = [
  guest(defaultTenant),
  { tenant: defaultTenant, userId: 'user-2', email: 'hanako@example.com', roles: ['customer'] },
  { tenant: defaultTenant, userId: 'user-1', email: 'staff@example.com', roles: ['staff'] },
  { tenant: defaultTenant, userId: 'user-3', email: 'admin@example.com', roles: ['tenant-admin', 'staff'] },
  { tenant: defaultTenant, userId: 'user-4', email: 'platform@example.com', roles: ['platform-admin'] },
  { tenant: trustedTenant('shop-b'), userId: 'user-5', email: 'other@example.com', roles: ['tenant-admin'] },
];

/** Mostly somebody who may: a refusal by role is the same for every request. */
const callerOf = (random: Random, operation: Operation): Caller => {
  const { allow } = routes[operation];
  const able = callers.filter(({ roles }) =>
    roles.length === 0 ? 'guest' in allow : roles.some((role) => role in allow),
  );
  return random.pick(random.chance(0.9) ? able : callers);
};

const inTime = <Answer>(work: Promise<Answer>, request: GeneratedRequest): Promise<Answer> => {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(request)}`)), 10_000);
  });
  return Promise.race([work, hang]).finally(() => clearTimeout(timer));
};

/** Sends one request, and says what came of it: `placeOrder 2xx`. */
const send = async (served: Record<Operation, Route>, random: Random, operation: Operation): Promise<string> => {
  const request = { ...generateRequest(random, operation), caller: callerOf(random, operation) };
  const { status, body } = await inTime(call(served[operation], request), request);
  if (status >= 500) throw new Error(`${status} to ${JSON.stringify(request)}`);
  if (status >= 400) expect(Problem.parse(body)).toMatchObject({ status });
  if (status >= 400) expect(JSON.stringify([body.detail, body.errors])).not.toMatch(wordsOfLibrary);
  return `${operation} ${Math.floor(status / 100)}xx`;
};

/** What only the holder of a secret is answered well: a provider's signature, a browser's cookie. */
const wantsSecret: readonly Operation[] = ['receiveStripeWebhook', 'receivePayPayWebhook', 'getSession'];

const wordsOfLibrary = /Invalid (input|option|string)|Too (small|big):|Unrecognized key|expected (string|number)/;

const total = 20_000;
const operations = Object.keys(routes) as Operation[];

describe(`${total} requests that follow from the API's description`, () => {
  test('P15 none is answered 5xx or not at all, and every answer is as documented', async () => {
    const random = seededRandom(20261121);
    const seen = new Set<string>();
    let served = await servedRoutes();
    for (let n = 0; n < total; n += 1) {
      if (n % 1000 === 0) served = await servedRoutes(); // what was changed is as it was before
      seen.add(await send(served, random, operations[n % operations.length] as Operation));
    }
    const wanted = operations.flatMap((operation) =>
      wantsSecret.includes(operation) ? [`${operation} 4xx`] : [`${operation} 2xx`, `${operation} 4xx`],
    );
    expect(wanted.filter((outcome) => !seen.has(outcome))).toEqual([]);
  }, 300_000);
});
