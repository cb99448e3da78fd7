import { ConnectQuery, livePolicies } from '../contracts/live-api';
import { isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Caller } from '../kernel/caller';
import { type Reach, reachOf } from '../kernel/policy';
import type { LimitAddress } from '../kernel/rate-limit';
import { credentialOf, validUntil } from './connection';
import type { ConnectionStore } from './connection.store';

export type ConnectDeps = {
  readonly connections: Pick<ConnectionStore, 'open'>;
  /** Whom the credentials name; nothing when they are good for nothing. */
  readonly callerOf: (authorization: string | undefined, storefrontKey?: string) => Promise<Caller | undefined>;
  /** Refuses an address that sends too many handshakes, before anybody is asked who it is. */
  readonly limitAddress: LimitAddress;
  /** Refuses a caller that connects too often. */
  readonly limit: (caller: Caller, from: { readonly sourceIp: string }) => Promise<ProblemAnswer | undefined>;
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

const admit = async (
  { callerOf, limit }: ConnectDeps,
  { token, storefrontKey }: Credentials,
  sourceIp: string,
): Promise<{ caller: Caller; reach: Reach } | { status: number }> => {
  const caller = await callerOf(token === undefined ? undefined : `Bearer ${token}`, storefrontKey);
  if (caller === undefined) return { status: 401 };
  const reach = reachOf(policy, caller);
  if (isProblem(reach)) return { status: reach.status };
  const refused = await limit(caller, { sourceIp });
  return refused === undefined ? { caller, reach } : { status: refused.status };
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
    const { tenant, userId } = admitted.caller;
    await deps.connections.open({
      connectionId: handshake.connectionId,
      tenant,
      userId,
      reach: admitted.reach,
      validUntil: validUntil(credentials.token, deps.now()),
      credential: credentialOf(admitted.caller, credentials),
    });
    return 200;
  };
