import { DescribeOrder, type OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import type { Credential } from '../../lambda/kernel/http/ask-authorizer';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import { tooManyRequests } from '../../lambda/kernel/http/rate-limit';
import { hashToken } from '../../lambda/kernel/http/token-hash';
import { type Tenant, tenantKey, trustedTenant } from '../../lambda/kernel/tenant';
import { type ConnectionEvent, serveConnections } from '../../lambda/live/connect';
import { orderGateway } from '../../lambda/live/connection.gateway';
import { connectionStore } from '../../lambda/live/connection.store';
import { type Handled, pushEvents } from '../../lambda/live/push-events';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

type Described = NonNullable<OrderDescribed['order']>;

export const shopA = trustedTenant('shop-a');
export const shopB = trustedTenant('shop-b');

const described = (given: Partial<Described>): Described => ({
  trackingTokenHash: hashToken('secret-token'),
  version: 2,
  status: 'CONFIRMED',
  paymentStatus: 'PAID',
  stockStatus: 'RESERVED',
  total: 6600,
  currency: 'JPY',
  lines: [{ productId: 'PROD-002', name: 'mouse', quantity: 2, unitPrice: 3000, lineTotal: 6000, taxRateBps: 1000 }],
  ...given,
});

const tokenExpiring = (at: string): string =>
  `e30.${Buffer.from(JSON.stringify({ exp: Date.parse(at) / 1000 })).toString('base64url')}.c2ln`;

const noon = '2026-11-21T12:00:00.000Z';
const token = tokenExpiring(noon);

const person = (tenant: Tenant, userId: string, role: string): Caller => ({ tenant, userId, roles: [role] });

/** The live service with everything around it in memory; its clock stands until it is set. */
export const liveSystem = () => {
  const clock = { now: new Date('2026-11-21T11:00:00.000Z') };
  const now = () => clock.now;
  const dynamodb = memoryDynamoDb();
  const table = dynamodb.table('live-connections');
  const connections = connectionStore('live-connections', dynamodb.db);
  const orders = new Map<string, Described>();
  const people = new Map<string, Caller>();
  const sent: { connectionId: string; frame: unknown }[] = [];
  const dead = new Set<string>();
  const broken = new Set<string>();
  const disconnected = new Set<string>();
  const gateway = {
    send: async (connectionId: string, frame: unknown) => {
      if (broken.has(connectionId)) throw new Error('API Gateway did not send the frame: status 500');
      if (dead.has(connectionId)) return 'gone' as const;
      sent.push({ connectionId, frame: JSON.parse(JSON.stringify(frame)) });
      return 'sent' as const;
    },
    disconnect: async (connectionId: string) => {
      disconnected.add(connectionId);
    },
  };
  const limits = { handshakes: Number.POSITIVE_INFINITY, asked: 0 };
  const callerOf = async (authorization: string | undefined, storefrontKey = 'shop-a') => {
    limits.asked += 1;
    return authorization === undefined ? guest(trustedTenant(storefrontKey)) : people.get(authorization);
  };
  const limitAddress = async () => {
    limits.handshakes -= 1;
    return limits.handshakes < 0 ? tooManyRequests('too many', 1) : undefined;
  };
  const afterLooking: (() => void)[] = [];
  const findOrder = orderGateway(async (question) => {
    const { tenantId, orderId } = DescribeOrder.parse(question);
    const order = orders.get(tenantKey(trustedTenant(tenantId), orderId));
    afterLooking.shift()?.();
    return { order };
  });
  const ended = new Set<string>();
  const standings: string[] = [];
  const isValidCredential = async (credential: Credential) => {
    const name = credential.userId ?? credential.storefrontKey ?? 'guest';
    standings.push(name);
    return !ended.has(name);
  };
  const endedNow = new Set<string>();
  const afterAsking: (() => Promise<unknown>)[] = [];
  const isValidCredentialNow = async (credential: Credential) => {
    const isValid = !endedNow.has(credential.userId ?? 'guest') && (await isValidCredential(credential));
    await afterAsking.shift()?.();
    return isValid;
  };
  const serve = serveConnections({
    isValidCredential,
    isValidCredentialNow,
    connections,
    gateway,
    callerOf,
    findOrder,
    limitAddress,
    limit: async ({ userId }) =>
      userId === 'noisy' ? { status: 429, problem: 'TooManyRequests', detail: 'too many' } : undefined,
    now,
  });
  const push = pushEvents({ connections, gateway, isValidCredential, isValidCredentialNow, now });

  const event = (connectionId: string, eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT', body?: string) =>
    ({
      requestContext: { connectionId, eventType, identity: { sourceIp: '192.0.2.1' } },
      body,
      isBase64Encoded: false,
    }) as ConnectionEvent;

  const connectWith = async (
    connectionId: string,
    query: Record<string, string>,
    headers: Record<string, string> = {},
  ) => (await serve({ ...event(connectionId, 'CONNECT'), queryStringParameters: query, headers })).statusCode;

  const framesOf = (connectionId: string) =>
    sent.filter((one) => one.connectionId === connectionId).map(({ frame }) => frame as Record<string, unknown>);

  return {
    clock,
    /** Users and storefront keys that are good no more, and who was asked about. */
    ended,
    /** Users who are good no more since a moment ago: what was read before says that they are. */
    endedNow,
    standings,
    /** How many handshakes the address may send yet, and how often somebody was asked who it is. */
    limits,
    table,
    connections,
    /** The IDs of the open connections. */
    open: () =>
      table
        .all()
        .flatMap(({ subject, connectionId }) => (subject === `#CONNECTION#${connectionId}` ? [connectionId] : [])),
    dead,
    broken,
    /** What happens right after the service has looked at an order. */
    afterLooking,
    /** What happens right after a credential was found valid or not, before anybody hears of it. */
    afterAsking,
    framesOf,
    connectWith,
    push: (...events: Handled[]) => push(events),
    disconnected,
    order: (tenant: Tenant, orderId: string, given: Partial<Described> = {}) =>
      orders.set(tenantKey(tenant, orderId), described(given)),
    /** Connects somebody with a token that is good until noon. */
    join: async (connectionId: string, tenant: Tenant, role: string, userId = connectionId) => {
      people.set(`Bearer ${token}`, person(tenant, userId, role));
      const status = await connectWith(connectionId, { token });
      if (status !== 200) throw new Error(`the handshake was answered ${status}`);
    },
    knowing: (caller: Caller, by = token) => people.set(`Bearer ${by}`, caller),
    token,
    /** Sends a frame and gives back what is answered to it. */
    say: async (connectionId: string, frame: unknown) => {
      const before = framesOf(connectionId).length;
      const body = typeof frame === 'string' ? frame : JSON.stringify(frame);
      const { statusCode } = await serve(event(connectionId, 'MESSAGE', body));
      return { statusCode, answers: framesOf(connectionId).slice(before) };
    },
    leave: (connectionId: string) => serve(event(connectionId, 'DISCONNECT')),
  };
};

export type LiveSystem = ReturnType<typeof liveSystem>;
