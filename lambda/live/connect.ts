import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ConnectQuery, livePolicies } from '../contracts/api/live-api';
import type { Scope } from '../contracts/api/routes';
import { asError } from '../kernel/error';
import { isProblem, type ProblemAnswer } from '../kernel/http/answer';
import type { Credential } from '../kernel/http/ask-authorizer';
import type { Caller } from '../kernel/http/caller';
import type { LimitAddress } from '../kernel/http/rate-limit';
import { scopeOf } from '../kernel/http/route';
import { logger } from '../kernel/logger';
import { answerFrame, type FrameDeps } from './answer-frame';
import { credentialOf, validUntil } from './connection';
import type { ConnectionStore } from './connection.store';

export type ConnectDeps = {
  readonly connections: Pick<ConnectionStore, 'open' | 'close'>;
  /** Returns the caller of the credentials, undefined for invalid ones. */
  readonly callerOf: (authorization: string | undefined, storefrontKey?: string) => Promise<Caller | undefined>;
  /** Refuses an address with too many handshakes, before the caller is identified. */
  readonly limitAddress: LimitAddress;
  /** Refuses a caller over its rate limit. */
  readonly limit: (caller: Caller, from: { readonly sourceIp: string }) => Promise<ProblemAnswer | undefined>;
  /** Whether a credential is still valid, without a cache. */
  readonly isValidCredentialNow: (credential: Credential) => Promise<boolean>;
  readonly now: () => Date;
};

/** A handshake: header names in lower case. */
export type Handshake = {
  readonly connectionId: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly sourceIp: string;
};

type Credentials = { readonly token: string | undefined; readonly storefrontKey: string | undefined };

/** Returns the credentials in the headers or, for browsers, which cannot set them, in the query. */
const credentialsOf = ({ headers, query }: Handshake): Credentials | undefined => {
  const parsed = ConnectQuery.safeParse(query);
  if (!parsed.success) return undefined;
  const token = parsed.data.token ?? headers.authorization?.replace(/^Bearer +/i, '');
  return { token, storefrontKey: parsed.data.storefrontKey ?? headers['x-storefront-key'] };
};

const policy = { method: 'GET', path: '/', allow: livePolicies.followOrder };

type Admitted = { readonly caller: Caller; readonly scope: Scope };

const admit = async (
  { callerOf, limit }: ConnectDeps,
  { token, storefrontKey }: Credentials,
  sourceIp: string,
): Promise<Admitted | { readonly status: number }> => {
  const caller = await callerOf(token === undefined ? undefined : `Bearer ${token}`, storefrontKey);
  if (caller === undefined) return { status: 401 };
  const scope = scopeOf(policy, caller);
  if (isProblem(scope)) return { status: scope.status };
  const refused = await limit(caller, { sourceIp });
  return refused === undefined ? { caller, scope } : { status: refused.status };
};

/**
 * Stores the connection before it checks the user without a cache, so that a user who is disabled in the meantime is
 * either refused here or found by the connection's row.
 */
const openFor = async (
  { connections, isValidCredentialNow, now }: ConnectDeps,
  { connectionId }: Handshake,
  { caller, scope }: Admitted,
  credentials: Credentials,
): Promise<number> => {
  const { tenant, userId } = caller;
  const credential = credentialOf(caller, credentials);
  const validity = validUntil(credentials.token, now());
  await connections.open({ connectionId, tenant, userId, scope, validUntil: validity, credential });
  if (userId === undefined || (await isValidCredentialNow(credential))) return 200;
  await connections.close(connectionId);
  return 401;
};

/** Opens a connection for the caller of the handshake's credentials. Returns the HTTP status of the handshake. */
const connect =
  (deps: ConnectDeps) =>
  async (handshake: Handshake): Promise<number> => {
    const tooMany = await deps.limitAddress(handshake);
    if (tooMany !== undefined) return tooMany.status;
    const credentials = credentialsOf(handshake);
    if (credentials === undefined) return 400;
    const admitted = await admit(deps, credentials, handshake.sourceIp);
    if ('status' in admitted) return admitted.status;
    return openFor(deps, handshake, admitted, credentials);
  };

export type ServeDeps = ConnectDeps & FrameDeps & { readonly connections: Pick<ConnectionStore, 'open' | 'close'> };

/** API Gateway's event of a connection. A handshake has headers and a query, which the library's types lack. */
export type ConnectionEvent = Pick<APIGatewayProxyWebsocketEventV2, 'body' | 'isBase64Encoded'> & {
  readonly requestContext: Pick<APIGatewayProxyWebsocketEventV2['requestContext'], 'connectionId' | 'eventType'> & {
    readonly identity?: { readonly sourceIp?: string };
  };
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
};

const lowerCase = (headers: ConnectionEvent['headers']) =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));

const handshakeOf = ({ requestContext, headers, queryStringParameters }: ConnectionEvent): Handshake => ({
  connectionId: requestContext.connectionId,
  headers: lowerCase(headers),
  query: queryStringParameters ?? {},
  sourceIp: requestContext.identity?.sourceIp ?? 'unknown',
});

const textOf = ({ body = '', isBase64Encoded }: ConnectionEvent): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;

/** Makes the handler of all connections: handshakes, frames and disconnects. It never throws. */
export const serveConnections = (deps: ServeDeps) => {
  const open = connect(deps);
  const answer = answerFrame(deps);

  const handle = async (event: ConnectionEvent): Promise<number> => {
    const { connectionId, eventType } = event.requestContext;
    if (eventType === 'CONNECT') {
      const status = await open(handshakeOf(event));
      logger.info('handshake answered', { connectionId, status });
      return status;
    }
    if (eventType === 'DISCONNECT') {
      await deps.connections.close(connectionId);
      logger.info('connection closed', { connectionId });
    } else await answer(connectionId, textOf(event));
    return 200;
  };

  return async (event: ConnectionEvent): Promise<{ statusCode: number }> => {
    const { connectionId, eventType } = event.requestContext;
    try {
      return { statusCode: await handle(event) };
    } catch (thrown) {
      logger.error('connection event failed', { connectionId, eventType, error: asError(thrown) });
      return { statusCode: 500 };
    }
  };
};
