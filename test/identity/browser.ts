import { UnsecuredJWT } from 'jose';
import type { Policy } from '../../lambda/contracts/api/routes';
import type { RouteAt } from '../../lambda/identity/sessions/route-table';
import { sessionRoutes } from '../../lambda/identity/sessions/session.http';
import { sessionStore } from '../../lambda/identity/sessions/session.store';
import { sessionEncryption } from '../../lambda/identity/sessions/session-encryption';
import { type ProxyDeps, sessionProxyRoute } from '../../lambda/identity/sessions/session-proxy.http';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import { serve } from '../../lambda/kernel/http/serve';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { apiEvent, call } from '../support/http';
import { onlySecret } from '../support/secrets';
import { freeWaits } from '../support/waits';
import { eight, memoryUsers, shopA, userOf } from './people';

const password = 'Correct-horse-1';
export const user: Caller = {
  tenant: shopA,
  userId: 'hanako-1',
  email: 'hanako@example.com',
  roles: ['customer'],
  sessionId: 'login-1',
};

/** An ID token of hanako's that is good for an hour; `name` tells several apart. */
export const tokenOf = (name: string) =>
  new UnsecuredJWT({ 'custom:tenant': shopA, 'cognito:groups': ['customer'], name })
    .setIssuer('https://pool')
    .setSubject('hanako-1')
    .setIssuedAt(eight)
    .setExpirationTime(eight + 3600)
    .encode();

type Event = {
  httpMethod: string;
  resource: RouteAt['policy']['path'];
  headers: Record<string, string>;
  queryStringParameters: Record<string, string>;
  pathParameters: Record<string, string>;
  body: string | null;
  requestContext: { identity: { sourceIp: string }; authorizer: Record<string, string> };
};

type Sent = {
  readonly cookie?: string | undefined;
  readonly csrf?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly query?: Record<string, string>;
};

/** A body as API Gateway hands it over: JSON as text, bytes of a binary media type encoded. */
const bodyOf = (body: unknown) =>
  body instanceof Uint8Array
    ? { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
    : { body: body === undefined ? null : JSON.stringify(body), isBase64Encoded: false };

/** The routes of sessions over a table in memory, with a user pool that answers as it is told. */
export const openBrowsers = (given: Partial<ProxyDeps> = {}) => {
  const memory = memoryDynamoDb();
  const rows = memory.table('sessions');
  const users = memoryUsers(userOf());
  const noted = { revoked: [] as string[], authorized: [] as string[], refreshed: 0, events: [] as Event[] };
  let second = eight;
  let randoms = 0;
  const pool = {
    logIn: async (_account: unknown, secrets: { password: string }) =>
      secrets.password === password
        ? ({
            idToken: tokenOf('first'),
            expiresIn: 3600,
            refreshToken: 'refresh-1',
            accessToken: 'access-1',
            withTotp: false,
          } as const)
        : ('refused' as const),
    refresh: async () => {
      noted.refreshed += 1;
      return { idToken: tokenOf(`again ${noted.refreshed}`), expiresIn: 3600 };
    },
    revoke: async (token: string) => void noted.revoked.push(token),
  };
  const deps: ProxyDeps = {
    sessions: sessionStore('sessions', memory.db),
    encryption: sessionEncryption(onlySecret('a secret of this test')),
    pool,
    accounts: { pool, totpRequired: false },
    usersOf: () => users,
    authorize: async (authorization, storefrontKey) => {
      noted.authorized.push(authorization ?? `guest of ${storefrontKey ?? 'the default shop'}`);
      return authorization === undefined ? guest(shopA) : user;
    },
    waiting: {
      waits: freeWaits,
      now: () => 0,
      sleep: async () => undefined,
    },
    random: (bytes) => {
      randoms += 1;
      return Buffer.alloc(bytes, randoms);
    },
    now: () => new Date(second * 1000),
    forward: async (_operation, event) => {
      noted.events.push(event as Event);
      return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}', isBase64Encoded: false };
    },
    ...given,
  };
  const routes = sessionRoutes(deps);
  const headersOf = ({ cookie, csrf, headers = {} }: Sent) => ({
    'content-type': 'application/json',
    ...(cookie === undefined ? {} : { cookie }),
    ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
    ...headers,
  });
  const ask = (operation: keyof typeof routes, sent: Sent = {}) =>
    call(routes[operation], {
      operation,
      caller: guest(shopA),
      headers: headersOf(sent),
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
  /** A page's request to `/api/…`. */
  const page = async (method: Policy['method'], proxy: string, sent: Sent = {}) => {
    const policy = { method, path: '/api/{proxy+}', allow: { guest: 'own' }, query: 'any' } as const;
    const event = {
      ...apiEvent({ caller: guest(shopA), headers: headersOf(sent), query: sent.query ?? {}, sourceIp: '203.0.113.7' }),
      httpMethod: method,
      resource: '/api/{proxy+}',
      pathParameters: { proxy },
      ...bodyOf(sent.body),
    };
    const { statusCode, headers, body } = await serve(
      { proxy: policy },
      { proxy: sessionProxyRoute(deps, method) },
    )(event);
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer holds
    const read: any = body === '' ? undefined : JSON.parse(body);
    return { status: statusCode, headers: headers ?? {}, body: read };
  };
  const logIn = async (sent: Sent = {}) => {
    const answer = await ask('createSession', { body: { email: 'hanako@example.com', password }, ...sent });
    const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
    return { answer, cookie, csrf: String(answer.body.csrfToken) };
  };
  const pass = (seconds: number) => {
    second += seconds;
  };
  return { rows, users, noted, deps, ask, page, logIn, pass };
};

/** The cookie that an answer sets, without its attributes. */
export const cookieOf = ({ headers }: { headers: Record<string, unknown> }): string | undefined =>
  headers['set-cookie'] === undefined ? undefined : String(headers['set-cookie']).split(';')[0];

export const clearedCookie = 'sid=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax';
