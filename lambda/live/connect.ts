import { ConnectQuery, livePolicies } from '../contracts/live-api';
import { isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Credential } from '../kernel/ask-authorizer';
import type { Caller } from '../kernel/caller';
import { type Reach, reachOf } from '../kernel/policy';
import type { LimitAddress } from '../kernel/rate-limit';
import { credentialOf, validUntil } from './connection';
import type { ConnectionStore } from './connection.store';

export type ConnectDeps = {
  readonly connections: Pick<ConnectionStore, 'open' | 'close'>;
  /** Whom the credentials name; nothing when they are good for nothing. */
  readonly callerOf: (authorization: string | undefined, storefrontKey?: string) => Promise<Caller | undefined>;
  /** Refuses an address that sends too many handshakes, before anybody is asked who it is. */
  readonly limitAddress: LimitAddress;
  /** Refuses a caller that connects too often. */
  readonly limit: (caller: Caller, from: { readonly sourceIp: string }) => Promise<ProblemAnswer | undefined>;
  /** Whether a credential is good at this moment, not a few seconds ago. */
  readonly standsNow: (credential: Credential) => Promise<boolean>;
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

/** Browsers cannot set headers of a handshake, so the query may hold the same. */
const credentialsOf = ({ headers, query }: Handshake): Credentials | undefined => {
  const parsed = ConnectQuery.safeParse(query);
  if (!parsed.success) return undefined;
  const token = parsed.data.token ?? headers.authorization?.replace(/^Bearer +/i, '');
  return { token, storefrontKey: parsed.data.storefrontKey ?? headers['x-storefront-key'] };
};

const policy = { method: 'GET', path: '/', allow: livePolicies.followOrder };

type Admitted = { readonly caller: Caller; readonly reach: Reach };

const admit = async (
  { callerOf, limit }: ConnectDeps,
  { token, storefrontKey }: Credentials,
  sourceIp: string,
): Promise<Admitted | { readonly status: number }> => {
  const caller = await callerOf(token === undefined ? undefined : `Bearer ${token}`, storefrontKey);
  if (caller === undefined) return { status: 401 };
  const reach = reachOf(policy, caller);
  if (isProblem(reach)) return { status: reach.status };
  const refused = await limit(caller, { sourceIp });
  return refused === undefined ? { caller, reach } : { status: refused.status };
};

/**
 * Opens first and asks then whether the user is let in at this moment, so that whoever is disabled meanwhile is either
 * refused here or found among the user's connections.
 */
const openFor = async (
  { connections, standsNow, now }: ConnectDeps,
  { connectionId }: Handshake,
  { caller, reach }: Admitted,
  credentials: Credentials,
): Promise<number> => {
  const { tenant, userId } = caller;
  const credential = credentialOf(caller, credentials);
  const validity = validUntil(credentials.token, now());
  await connections.open({ connectionId, tenant, userId, reach, validUntil: validity, credential });
  if (userId === undefined || (await standsNow(credential))) return 200;
  await connections.close(connectionId);
  return 401;
};

/** Opens a connection for whom its credentials name; answers the status that the handshake is answered with. */
export const connect =
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
