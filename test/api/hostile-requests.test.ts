import fc from 'fast-check';
import { api } from '../../lambda/contracts/api/api';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import { Problem } from '../../lambda/contracts/api/problem';
import { type Operation, type Policy, routes } from '../../lambda/contracts/api/routes';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import type { Route } from '../../lambda/kernel/http/route';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { rightRequest } from '../support/generated-request';
import { call } from '../support/http';
import { runs } from '../support/property';
import { servedRoutes } from './served-routes';

const operations = Object.keys(routes) as Operation[];
const contractOf = (operation: Operation): OperationContract => api[operation];
const policyOf = (operation: Operation): Policy => routes[operation];

/** Somebody who may call the operation. */
const callerOf = (operation: Operation, tenant = defaultTenant): Caller => {
  const [role = 'guest'] = Object.keys(policyOf(operation).allow);
  return role === 'guest' ? guest(tenant) : { tenant, userId: 'user-2', email: 'hanako@example.com', roles: [role] };
};

let served: Record<Operation, Route>;
beforeAll(async () => {
  served = await servedRoutes();
});

type Asked = Omit<Parameters<typeof call>[1], 'operation'>;

const ask = (operation: Operation, asked: Asked) =>
  call(served[operation], { operation, caller: callerOf(operation), ...asked });

const isRefused = ({ status, body }: { status: number; body: unknown }) => {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(Problem.parse(body)).toEqual(body);
  expect(JSON.stringify(body).length).toBeLessThan(20_000);
};

const contentTypeOf = (operation: Operation) => {
  const { body } = contractOf(operation);
  return body !== undefined && 'contentType' in body ? body.contentType : 'application/json';
};

/** Path parameters, headers and body of a request that is not spoiled. */
const whole = (operation: Operation) => {
  const [request] = fc.sample(rightRequest(operation), runs(1));
  if (request === undefined) throw new Error(`no request to ${operation}`);
  const { pathParameters, headers, body } = request;
  return {
    pathParameters,
    headers: { ...headers, 'content-type': contentTypeOf(operation) },
    ...(body === undefined ? {} : { body }),
  };
};

const nested = '['.repeat(1000) + ']'.repeat(1000);
const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n])));

const bodies: [string, string][] = [
  ['null', 'null'],
  ['an array', '[]'],
  ['a number', '7'],
  ['a text', '"text"'],
  ['no JSON', '{'],
  ['trailing garbage', '{} x'],
  ['a byte order mark', '\ufeff{}'],
  ['a depth of 1,000', nested],
  ['a depth of 1,000 in a field', `{"x":${nested}}`],
  ['10,000 keys', keys(10_000)],
  ['__proto__', '{"__proto__":{"x":1}}'],
  ['constructor', '{"constructor":{"prototype":{}}}'],
  ['256 KB', JSON.stringify({ x: 'x'.repeat(262_144) })],
  ['6 MB', JSON.stringify({ x: 'x'.repeat(6_000_000) })],
  ['10 MB', JSON.stringify({ x: 'x'.repeat(10_000_000) })],
];

const takesJson = operations.filter((operation) => {
  const { body } = contractOf(operation);
  return body !== undefined && !('contentType' in body);
});

describe.each(takesJson)('a hostile body to %s (P15)', (operation) => {
  test.each(bodies)('%s is refused', async (_what, body) =>
    isRefused(await ask(operation, { ...whole(operation), body })),
  );

  test.each(['text/plain', 'application/json; charset=utf-16', 'application/x-www-form-urlencoded', ''])(
    'the type %p is refused',
    async (type) => {
      const { pathParameters, headers } = whole(operation);
      const answer = await ask(operation, {
        pathParameters,
        headers: { ...headers, 'content-type': type },
        body: '{}',
      });
      expect([answer.status, answer.body.title]).toEqual([415, 'UnsupportedMediaType']);
    },
  );
});

const ids = [
  'shop-b#PROD-001',
  '../PROD-001',
  '..%2FPROD-001',
  'PROD%00',
  '\u0000',
  '#SETTINGS',
  '#STOREFRONT#x',
  '=cmd()',
  '\u0024{jndi:ldap://x}',
  '\u202ePROD',
  '🗼',
  ' ',
  '__proto__',
  'x'.repeat(1024),
];

describe.each(operations.filter((operation) => policyOf(operation).path.includes('{')))(
  'a hostile ID to %s (P15)',
  (operation) => {
    const names = [...policyOf(operation).path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

    test.each(ids)('%p is refused', async (id) => {
      for (const name of names) {
        const { pathParameters, headers } = whole(operation);
        isRefused(await ask(operation, { headers, pathParameters: { ...pathParameters, [name]: id }, body: '{}' }));
      }
    });
  },
);

const lists = operations.filter((operation) => policyOf(operation).query?.includes('cursor'));

describe('paging that nobody has been answered (P15)', () => {
  test.each(lists)('%s refuses limits that are none', async (operation) => {
    for (const limit of ['0', '-1', '1000000000', '101', '1.5', 'ten', '', '1e1000'])
      isRefused(await ask(operation, { ...whole(operation), query: { limit } }));
  });

  const cursorOf = async (operation: Operation): Promise<string[]> => {
    const { body } = await ask(operation, { ...whole(operation), query: { limit: '1' } });
    return body.nextCursor === undefined ? [] : [body.nextCursor];
  };

  test.each(lists)('%s refuses cursors that are forged, spoiled, or of another list', async (operation) => {
    const others = await Promise.all(lists.filter((one) => one !== operation).map(cursorOf));
    const spoiled = (await cursorOf(operation)).flatMap((own) => [`${own}x`, own.slice(1), own.replace('.', '..')]);
    const forged = ['x', '.', 'e30.e30', 'eyJrIjoxfQ.c2ln', 'x'.repeat(2001), '\u0000'];
    expect(others.flat().length).toBeGreaterThan(0);
    for (const cursor of [...forged, ...spoiled, ...others.flat()])
      isRefused(await ask(operation, { ...whole(operation), query: { cursor } }));
  });

  const ofOneTenant = lists.filter((operation) => !Object.values(policyOf(operation).allow).includes('all'));

  test.each(ofOneTenant)("%s refuses another tenant's cursors", async (operation) => {
    const caller = callerOf(operation, trustedTenant('shop-b'));
    for (const cursor of await cursorOf(operation))
      isRefused(await ask(operation, { ...whole(operation), caller, query: { cursor } }));
  });
});

/** What a schema cannot tell of a request that is right. */
const right: { readonly [Name in Operation]?: Asked } = {
  placeOrder: {
    body: JSON.stringify({ customerEmail: 'taro@example.com', items: [{ productId: 'PROD-001', quantity: 1 }] }),
  },
  quickOrder: { query: { product_id: 'PROD-001', quantity: '1' } },
  requestRefund: {
    body: JSON.stringify({ amount: 1, reason: 'Goodwill' }),
    pathParameters: { paymentId: 'PAY-ORD-000001' },
  },
};

describe('headers (P15)', () => {
  const keyed = operations.filter((operation) => 'Idempotency-Key' in (contractOf(operation).headers?.shape ?? {}));

  test.each(keyed)('%s refuses an Idempotency-Key that is empty, too long, or no visible ASCII', async (operation) => {
    for (const key of ['', ' ', 'k'.repeat(256), 'ключ', 'a b', 'a\u0000b', 'one, two']) {
      const { headers, ...rest } = { ...whole(operation), ...right[operation] };
      const { status, body } = await ask(operation, { ...rest, headers: { ...headers, 'idempotency-key': key } });
      expect([status, body.errors?.[0].pointer]).toEqual([400, '/headers/Idempotency-Key']);
    }
  });

  const tagged = operations.filter(
    (operation) => contractOf(operation).etag && /PUT|PATCH|DELETE/.test(policyOf(operation).method),
  );

  test.each(tagged)('%s refuses an If-Match that no answer of ours had', async (operation) => {
    for (const tag of ['3', '"x"', 'W/"1"', '"0"', '"1", "2"', '"1e3"', '']) {
      const { headers, ...rest } = whole(operation);
      isRefused(await ask(operation, { ...rest, headers: { ...headers, 'if-match': tag } }));
    }
  });
});
