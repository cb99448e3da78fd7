import fc from 'fast-check';
import { Problem } from '../../lambda/contracts/api/problem';
import { type Operation, routes } from '../../lambda/contracts/api/routes';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import type { Route } from '../../lambda/kernel/http/route';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { type GeneratedRequest, generatedRequest } from '../support/generated-request';
import { call } from '../support/http';
import { runs } from '../support/property';
import { isFull, volume } from '../support/volume';
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
const callerOf = (operation: Operation): fc.Arbitrary<Caller> => {
  const { allow } = routes[operation];
  const able = callers.filter(({ roles }) =>
    roles.length === 0 ? 'guest' in allow : roles.some((role) => role in allow),
  );
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...able) },
    { weight: 1, arbitrary: fc.constantFrom(...callers) },
  );
};

const inTime = <Answer>(work: Promise<Answer>, request: GeneratedRequest): Promise<Answer> => {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(request)}`)), 10_000);
  });
  return Promise.race([work, hang]).finally(() => clearTimeout(timer));
};

type Asked = GeneratedRequest & { readonly caller: Caller };

/** Sends one request, and says what came of it: `placeOrder 2xx`. */
const send = async (served: Record<Operation, Route>, request: Asked): Promise<string> => {
  const { operation } = request;
  const { status, body } = await inTime(call(served[operation], request), request);
  if (status >= 500) throw new Error(`${status} to ${JSON.stringify(request)}`);
  if (status >= 400) expect(Problem.parse(body)).toMatchObject({ status });
  if (status >= 400) expect(JSON.stringify([body.detail, body.errors])).not.toMatch(wordsOfLibrary);
  return `${operation} ${Math.floor(status / 100)}xx`;
};

/** What only the holder of a secret is answered well: a provider's signature, a browser's cookie. */
const wantsSecret: readonly Operation[] = ['receiveStripeWebhook', 'receivePayPayWebhook', 'getSession'];

const wordsOfLibrary = /Invalid (input|option|string)|Too (small|big):|Unrecognized key|expected (string|number)/;

const total = volume(20_000);
const operations = Object.keys(routes) as Operation[];

const requests = fc.oneof(
  ...operations.map((operation) =>
    fc.tuple(generatedRequest(operation), callerOf(operation)).map(([request, caller]) => ({ ...request, caller })),
  ),
);

describe(`${total} requests that follow from the API's description`, () => {
  test('P15 none is answered 5xx or not at all, and every answer is as documented', async () => {
    const seen = new Set<string>();
    let served = await servedRoutes();
    let sent = 0;
    const property = fc.asyncProperty(requests, async (request) => {
      if (sent % 200 === 0) served = await servedRoutes(); // what was changed is as it was before
      sent += 1;
      seen.add(await send(served, request));
    });
    await fc.assert(property, runs(total));
    const wanted = operations.flatMap((operation) =>
      wantsSecret.includes(operation) ? [`${operation} 4xx`] : [`${operation} 2xx`, `${operation} 4xx`],
    );
    const missing = wanted.filter((outcome) => !seen.has(outcome));
    expect(isFull || missing.length > wanted.length / 10 ? missing : []).toEqual([]); // a tenth does not meet each of them
  }, 300_000);
});
