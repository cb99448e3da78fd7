import { readdirSync, readFileSync } from 'node:fs';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { type Operation, type Policy, routes } from '../../lambda/contracts/api/routes';
import { answerAuthorizer } from '../../lambda/identity/authorizer/authorizer-response';
import { callerFrom, guest } from '../../lambda/kernel/http/caller';
import { addressLimiterOf, middlewareOf, openMiddlewareOf } from '../../lambda/kernel/http/middleware';
import { addressLimiter, rateLimiter } from '../../lambda/kernel/http/rate-limit';
import { incoming } from '../../lambda/kernel/http/request';
import { serve } from '../../lambda/kernel/http/serve';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { synthesize } from '../lib/synthesize';
import { apiEvent } from '../support/http';

/** A table of leases, and what else was asked of anything. */
const setUp = (perMinute = 60) => {
  const used = new Map<string, number>();
  const asked: string[] = [];
  const clock = { ms: 1_000_000 };
  const deps = {
    lease: async ({ bucket, block, limit }: { bucket: string; block: number; limit: number }) => {
      const next = (used.get(bucket) ?? 0) + block;
      if (next > limit) return false;
      used.set(bucket, next);
      return true;
    },
    now: () => clock.ms,
  };
  return { asked, clock, used, limitAddress: addressLimiter(deps, perMinute), deps };
};

const credentials: Record<string, Record<string, string>> = {
  'no credential': {},
  'a malformed token': { authorization: 'Bearer nonsense' },
  'a made-up token': { authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln' },
  'a made-up storefront key': { 'x-storefront-key': 'sk_made_up' },
  'a made-up cookie': { cookie: `sid=${'a'.repeat(22)}.${'b'.repeat(43)}` },
  'five made-up cookies': {
    cookie: Array.from({ length: 5 }, () => `sid=${'a'.repeat(22)}.${'b'.repeat(43)}`).join('; '),
  },
};

// sixty a minute are ten in ten seconds, and the one that a function gives by itself
const most = 11;

type Method = { readonly security?: readonly Record<string, unknown>[]; readonly operationId?: string };

/** Whether API Gateway asks the authorizer about an operation, by the template. */
const isAsked = (() => {
  const [api] = synthesize('local').ofType('ApiGateway::RestApi');
  const paths: Record<string, Record<string, Method>> = api?.properties.Body.paths;
  const methods = Object.values(paths).flatMap((path) => Object.values(path));
  const asked = new Map(methods.map(({ operationId, security }) => [operationId, security !== undefined]));
  return (operation: Operation): boolean => asked.get(operation) ?? false;
})();

const operations = Object.keys(routes) as Operation[];

const viaAuthorizer = (headers: Record<string, string>) => {
  const world = setUp();
  const answer = answerAuthorizer({
    limitAddress: world.limitAddress,
    evaluate: async () => {
      world.asked.push('who it is');
      return { refusal: 'no such token' };
    },
    evaluateValidity: async () => ({ refusal: 'nobody asks' }),
  });
  const requestContext = { requestId: 'r-1', identity: { sourceIp: '192.0.2.1' } };
  const event = { methodArn: 'arn:aws:execute-api:x:1:api/local/GET/orders', headers, requestContext };
  return { world, send: () => answer(event as unknown as APIGatewayRequestAuthorizerEvent) };
};

/** A function with one route, as its middleware counts addresses. */
const serving = () => {
  const { limitAddress } = setUp();
  const handler = serve(routes, { getMe: async () => ({ status: 200 }) }, { limitAddress });
  return { world: { event: apiEvent({ operation: 'getMe', sourceIp: '192.0.2.1' }) }, handler };
};

const viaFunction = (operation: Operation, headers: Record<string, string>) => {
  const world = setUp();
  const note =
    <Answer>(what: string, answer: Answer) =>
    async () => {
      world.asked.push(what);
      return answer;
    };
  const open: Record<Operation, Policy> = routes;
  const handler = serve(
    open,
    { [operation]: note('the route', { status: 204 }) },
    {
      limitAddress: world.limitAddress,
      callerOf: note('who it is', guest(defaultTenant)),
    },
  );
  const event = apiEvent({ operation, headers, sourceIp: '192.0.2.1' });
  const { authorizer: _, ...requestContext } = event.requestContext;
  return { world, send: () => handler({ ...event, requestContext } as typeof event) };
};

describe.each(operations)('F-35 %s', (operation) => {
  test.each(Object.entries(credentials))(
    'is counted by address before anything is asked, with %s',
    async (_with, headers) => {
      const { world, send } = isAsked(operation) ? viaAuthorizer(headers) : viaFunction(operation, headers);
      for (let n = 0; n < 30; n += 1) await send();
      expect(world.asked.filter((what) => what === 'who it is')).toHaveLength(most);
      expect(world.asked.length).toBeLessThanOrEqual(2 * most);
    },
  );
});

describe('F-35 a request that is refused without a route', () => {
  const refused = [
    ['a method that the path does not have', { httpMethod: 'DELETE' }, 405],
    ['HEAD', { httpMethod: 'HEAD' }, 405],
    ['OPTIONS, where no page of another origin may call', { httpMethod: 'OPTIONS' }, 405],
    ['a method that does not exist', { httpMethod: 'BREW' }, 405],
    ['a path that is in no table', { resource: '/nowhere' }, 500],
  ] as const;

  test.each(refused)('is counted by address: %s', async (_what, odd, status) => {
    const { world, handler } = serving();
    const { authorizer: _, ...requestContext } = world.event.requestContext;
    const statuses: number[] = [];
    for (let n = 0; n < 30; n += 1)
      statuses.push((await handler({ ...world.event, requestContext, ...odd } as never)).statusCode);
    expect(statuses.filter((one) => one === status)).toHaveLength(most);
    expect(statuses.filter((one) => one === 429)).toHaveLength(30 - most);
  });

  // API Gateway keeps what the authorizer said of a token for 30 seconds, so its address is not counted then
  test.each([
    ['a role that may not', { roles: ['customer'] }, 'listUsers', undefined, 403],
    ['a shop that is suspended', { roles: ['staff'], suspended: true }, 'listOrders', undefined, 403],
    ['an unknown query parameter', { roles: ['customer'] }, 'getMe', { odd: '1' }, 400],
  ] as const)('is counted by caller: %s', async (_what, given, operation, query, status) => {
    const { deps } = setUp();
    const handler = serve(
      routes as Record<Operation, Policy>,
      { [operation]: async () => ({ status: 200 }) },
      { limit: rateLimiter(deps) },
    );
    const caller = {
      tenant: defaultTenant,
      userId: 'u-1',
      ...given,
      limits: { tenantPerMinute: 6000, callerPerMinute: 60 },
    };
    const event = {
      ...apiEvent({ operation, caller: caller as never, sourceIp: '192.0.2.1' }),
      ...(query && { queryStringParameters: query }),
    };
    const statuses: number[] = [];
    for (let n = 0; n < 30; n += 1) statuses.push((await handler(event as never)).statusCode);
    expect(statuses.filter((one) => one === status)).toHaveLength(most);
    expect(statuses.filter((one) => one === 429)).toHaveLength(30 - most);
  });
});

test('F-35 whose address sends too much is answered 429 with when to come back, by the function that the authorizer lets it through to', async () => {
  const { world, send } = viaAuthorizer({});
  for (let n = 0; n < most; n += 1) await send();
  world.clock.ms += 4_000;
  const { policyDocument, context } = await send();
  expect([policyDocument.Statement[0]?.Effect, context]).toEqual(['Allow', { retryAfter: '6' }]);
  const touched: string[] = [];
  const getMe = async () => {
    touched.push('route');
    return { status: 200 };
  };
  const handler = serve(routes, { getMe });
  const event = apiEvent({ operation: 'getMe' });
  const answer = await handler({ ...event, requestContext: { ...event.requestContext, authorizer: context } } as never);
  expect([answer.statusCode, answer.headers?.['retry-after'], JSON.parse(answer.body).title]).toEqual([
    429,
    '6',
    'TooManyRequests',
  ]);
  expect(touched).toEqual([]);
  expect(() => callerFrom(context)).toThrow();
});

test('F-35 a refusal that API Gateway keeps for a token says to come back when it is forgotten', async () => {
  const { send } = viaAuthorizer({ authorization: 'Bearer a.b.c' });
  for (let n = 0; n < most; n += 1) await send();
  expect((await send()).context).toEqual({ retryAfter: '30' });
});

test('F-35 what the authorizer has counted is not counted by the function again', async () => {
  const { limitAddress, used } = setUp();
  const handler = serve(routes, { getMe: async () => ({ status: 200 }) }, { limitAddress });
  const caller = { tenant: defaultTenant, userId: 'u-1', roles: ['customer'] };
  for (let n = 0; n < 50; n += 1)
    expect((await handler(apiEvent({ operation: 'getMe', caller, sourceIp: '192.0.2.1' }))).statusCode).toBe(200);
  expect(used.size).toBe(0);
});

test('F-35 functions that ask the authorizer by themselves are not counted by it: they have no address to tell', async () => {
  const { world } = viaAuthorizer({});
  const answer = answerAuthorizer({
    limitAddress: world.limitAddress,
    evaluate: async () => ({ caller: guest(defaultTenant) }),
    evaluateValidity: async () => ({ refusal: 'nobody asks' }),
  });
  for (let n = 0; n < 50; n += 1) {
    const direct = { type: 'REQUEST', methodArn: 'direct', headers: {} } as unknown as APIGatewayRequestAuthorizerEvent;
    expect((await answer(direct)).context).toMatchObject({ tenant: 'default' });
  }
  expect(world.used.size).toBe(0);
});

describe('F-35 an address', () => {
  const take = async (limit: ReturnType<typeof addressLimiter>, sourceIp: string, times = 100) => {
    let let_in = 0;
    for (let n = 0; n < times; n += 1) if ((await limit({ sourceIp })) === undefined) let_in += 1;
    return let_in;
  };

  test('takes nothing from another one', async () => {
    const { limitAddress } = setUp();
    expect([await take(limitAddress, '192.0.2.1'), await take(limitAddress, '192.0.2.2')]).toEqual([11, 11]);
  });

  test('of IPv6 is the network of one customer, however it is written', async () => {
    const { limitAddress } = setUp();
    expect(await take(limitAddress, '2001:db8:1:2::1')).toBe(11);
    for (const same of [
      '2001:db8:1:2::2',
      '2001:DB8:1:2:ffff:ffff:ffff:ffff',
      '2001:db8:1:2:0:0:0:1',
      '2001:0db8:0001:0002::1',
    ])
      expect([same, await take(limitAddress, same)]).toEqual([same, 0]);
    expect(await take(limitAddress, '2001:db8:1:3::1')).toBe(11);
  });

  test('of IPv6 is the network for guests, too', async () => {
    const { deps } = setUp();
    const limit = rateLimiter(deps);
    const visitor = { ...guest(defaultTenant), limits: { tenantPerMinute: 6000, callerPerMinute: 60 } };
    let let_in = 0;
    for (let n = 0; n < 100; n += 1)
      if ((await limit(visitor, { sourceIp: `2001:db8:1:2::${n.toString(16)}` })) === undefined) let_in += 1;
    expect(let_in).toBe(11);
  });

  test('may send 6,000 requests a minute, a thousand in ten seconds, and the hundred that a function gives by itself', async () => {
    const { deps } = setUp();
    expect(await take(addressLimiter(deps), '192.0.2.1', 2000)).toBe(1100);
  });

  test('is not in the table of limits', async () => {
    const { limitAddress, used } = setUp();
    await take(limitAddress, '192.0.2.1');
    expect([...used.keys()].join()).toMatch(/^#address#[\w-]{22}#1000000$/);
  });

  test('may have used up one limit and nothing of another: health checks and handshakes have limits of their own', async () => {
    const { deps } = setUp();
    expect(await take(addressLimiter(deps), '192.0.2.1', 2000)).toBe(1100);
    expect(await take(addressLimiter(deps, 600), '192.0.2.1', 2000)).toBe(110);
    expect(await take(addressLimiter(deps, 600), '192.0.2.1', 2000)).toBe(10);
  });

  test('comes back in the next window', async () => {
    const { limitAddress, clock } = setUp();
    await take(limitAddress, '192.0.2.1');
    clock.ms += 10_000;
    expect(await limitAddress({ sourceIp: '192.0.2.1' })).toBeUndefined();
  });
});

describe('F-35 the middleware of functions', () => {
  const env = { RATE_LIMITS_TABLE: 'rate-limits', CORS_ORIGINS: [] };
  const usedUp = {
    send: async () => {
      throw new ConditionalCheckFailedException({ message: 'no block is left', $metadata: {} });
    },
  } as unknown as DynamoDBDocumentClient;

  // where no block is left in the table, an address has what a function gives by itself
  test.each([
    ['that identifies callers', () => middlewareOf(env, usedUp).limitAddress, 100],
    ['of open routes', () => openMiddlewareOf(env, usedUp).limitAddress, 100],
    ['of open routes with a limit of their own', () => openMiddlewareOf(env, usedUp, 60).limitAddress, 1],
    ['of none with routes', () => addressLimiterOf(env, usedUp), 100],
  ] as const)('%s counts addresses', async (_what, limitOf, most) => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const limitAddress = limitOf();
    const { event } = serving().world;
    let let_in = 0;
    for (let n = 0; n < 200; n += 1) if ((await limitAddress?.(incoming(event))) === undefined) let_in += 1;
    clock.mockRestore();
    expect(let_in).toBe(most);
  });
});

describe('F-35 every function with routes', () => {
  const handlers = readdirSync('lambda', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.handler.ts'))
    .map((file) => [file, readFileSync(`lambda/${file}`, 'utf8')] as const)
    .filter(([, text]) => /\bserve\(|serveConnections\(|answerAuthorizer\(/.test(text));

  test('is looked at', () => expect(handlers.length).toBeGreaterThan(15));

  test.each(handlers)('%s counts addresses', (_file, text) => {
    expect(text).toMatch(/\bmiddlewareOf\(|\bopenMiddlewareOf\(|\baddressLimiterOf\(|\baddressLimiter\(/);
  });
});
