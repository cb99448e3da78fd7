import type * as z from 'zod';
import type { Role } from '../../contracts/routes';
import type { profile } from '../../contracts/user-api';
import type { UserStatus } from '../../contracts/user-calls';
import type { UserEvent } from '../../contracts/user-events';
import { accept, type Decision, reject } from '../../kernel/decision';
import type { Origin } from '../../kernel/http/caller';
import type { Tenant } from '../../kernel/tenant';
import type { Identity } from '../authorizer/identity';

/** Who a user is, within its tenant. */
export type UserKey = { readonly tenant: Tenant; readonly userId: string };

type Profile = { readonly [Name in keyof typeof profile]?: z.infer<(typeof profile)[Name]> | undefined };

export type UserFact =
  | 'UserProfileCreated'
  | 'UserAuthenticated'
  | 'ProfileChanged'
  | 'AccessChanged'
  | 'SessionEnded'
  | 'TotpConfirmed';

/** The account and the profile of a user. */
export type User = UserKey &
  Profile & {
    /** Missing once the user is deleted, or when the issuer does not tell. */
    readonly email?: string | undefined;
    readonly emailVerified: boolean;
    readonly status: UserStatus;
    /** Each role once, with when it was given. */
    readonly roles: Readonly<Partial<Record<Role, string>>>;
    readonly lastLoginAt?: string | undefined;
    /** Since when each log-in needs a code of an authenticator app; missing when none does. */
    readonly totpSince?: string | undefined;
    /** Log-ins that were ended, the newest last. */
    readonly endedSessions: readonly string[];
    /** In seconds since 1970: no token counts that was issued until then. */
    readonly tokensNotBefore?: number | undefined;
    /** In seconds since 1970: no token counts, however new, of a log-in until then. */
    readonly logInsNotBefore?: number | undefined;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly version: number;
    readonly correlationId: string;
    readonly fact: { readonly type: UserFact } & Origin;
  };

/** When a change happens, who makes it, and what asked for it. */
export type Moment = { readonly now: Date; readonly correlationId: string } & Origin;

const assigned = (given: readonly Role[], now: Date, before: User['roles'] = {}): User['roles'] =>
  Object.fromEntries(given.map((role) => [role, before[role] ?? now.toISOString()]));

const next = <Change extends Partial<User>>(
  user: User,
  change: Change,
  type: UserFact,
  { now, correlationId, actor, network }: Moment,
) => ({
  ...user,
  ...change,
  version: user.version + 1,
  updatedAt: now.toISOString(),
  correlationId,
  fact: { type, actor, network },
});

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** The later of two times in seconds: what is ended stays ended, whatever another function's clock says. */
const latest = (time: number, known = 0) => Math.max(time, known);

/** A user that is seen for the first time. */
export const newUser = (
  identity: Pick<Identity, 'tenant' | 'userId' | 'email' | 'emailVerified' | 'displayName' | 'roles'>,
  { now, correlationId, actor, network }: Moment,
): User => {
  const { tenant, userId, email, emailVerified, displayName, roles } = identity;
  return {
    tenant,
    userId,
    email,
    emailVerified,
    displayName,
    status: 'ACTIVE',
    roles: assigned(roles, now),
    endedSessions: [],
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    version: 1,
    correlationId,
    fact: { type: 'UserProfileCreated', actor, network },
  };
};

/** Whether a token of this user is good for anything. */
export const isTokenValid = (
  user: User,
  { sessionId, issuedAt, loggedInAt = issuedAt }: Pick<Identity, 'sessionId' | 'issuedAt' | 'loggedInAt'>,
): boolean =>
  user.status === 'ACTIVE' &&
  !(sessionId !== undefined && user.endedSessions.includes(sessionId)) &&
  issuedAt > (user.tokensNotBefore ?? 0) &&
  loggedInAt > (user.logInsNotBefore ?? 0);

export type LogInRejection = 'not-active';

/** Whom a log-in was by, and whether with a code of an authenticator app. */
export type LoggedInAs = Pick<Identity, 'email' | 'emailVerified' | 'roles'> & { readonly withTotp: boolean };

/** Notes a log-in, with what the directory knows better: the address and the roles. */
export const logIn = (
  user: User,
  { email, emailVerified, roles, withTotp }: LoggedInAs,
  moment: Moment,
): Decision<User, LogInRejection> => {
  if (user.status !== 'ACTIVE') return reject('not-active');
  const known = { email: email ?? user.email, emailVerified, roles: assigned(roles, moment.now, user.roles) };
  const at = moment.now.toISOString();
  const totpSince = withTotp ? (user.totpSince ?? at) : undefined; // the user pool alone knows whether it asks
  return accept(next(user, { ...known, totpSince, lastLoginAt: at }, 'UserAuthenticated', moment));
};

const maxEndedSessions = 100;
const keptEndedSessions = 50; // of a full list: the issuer's clock may be ahead of ours

/** The list with one more log-in. A full one forgets none: every log-in until now is ended by its time instead. */
const ended = ({ endedSessions, logInsNotBefore }: User, sessionId: string, now: Date) => {
  if (endedSessions.includes(sessionId)) return { endedSessions, logInsNotBefore };
  const all = [...endedSessions, sessionId];
  return all.length <= maxEndedSessions
    ? { endedSessions: all, logInsNotBefore }
    : { endedSessions: all.slice(-keptEndedSessions), logInsNotBefore: latest(seconds(now), logInsNotBefore) };
};

/** Ends one log-in: the tokens that come from it are good for nothing. */
export const endSession = (user: User, sessionId: string, moment: Moment): User =>
  next(user, ended(user, sessionId, moment.now), 'SessionEnded', moment);

/** Every log-in until the end of this second: tokens tell no smaller part of it. */
const allEnded = (user: User, now: Date): Pick<User, 'tokensNotBefore' | 'logInsNotBefore'> => ({
  tokensNotBefore: latest(seconds(now), user.tokensNotBefore),
  logInsNotBefore: latest(seconds(now), user.logInsNotBefore),
});

/** Ends every log-in until the end of this second. Whoever answers waits for it: the next log-in counts then. */
export const endAllSessions = (user: User, moment: Moment): User =>
  next(user, allEnded(user, moment.now), 'SessionEnded', moment);

/** A code of a new authenticator app was right: each log-in needs one from now on, and those of this second and before are ended. */
export const confirmTotp = (user: User, moment: Moment): User =>
  next(user, { totpSince: moment.now.toISOString(), ...allEnded(user, moment.now) }, 'TotpConfirmed', moment);

/** Whether a password alone must not open this account: whoever has one of these roles reads what is others'. */
export const needsTotp = (given: readonly Role[]): boolean => given.some((role) => role !== 'customer');

/** What a change of the same user builds on, where the caller says so. */
export type Expectation = { readonly expectedVersion?: number | undefined; readonly ifMatch?: number | undefined };

export type ChangeRejection = 'version-mismatch' | 'precondition-failed' | 'deleted';

const refusalOf = (user: User, { expectedVersion, ifMatch }: Expectation): ChangeRejection | undefined => {
  if (ifMatch !== undefined && ifMatch !== user.version) return 'precondition-failed';
  if (expectedVersion !== undefined && expectedVersion !== user.version) return 'version-mismatch';
  return user.status === 'DELETED' ? 'deleted' : undefined;
};

/** `null` clears a field. */
export type ProfileChange = { readonly [Name in keyof Profile]?: Profile[Name] | null };

/** What users change of themselves. */
export const changeProfile = (
  user: User,
  change: ProfileChange,
  expected: Expectation,
  moment: Moment,
): Decision<User, ChangeRejection> => {
  const refusal = refusalOf(user, expected);
  if (refusal !== undefined) return reject(refusal);
  const fields = Object.entries(change).map(([name, value]) => [name, value === null ? undefined : value]);
  return accept(next(user, Object.fromEntries(fields) as Partial<User>, 'ProfileChanged', moment));
};

export type AccessChange = {
  readonly status?: UserStatus | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly totp?: 'reset' | undefined;
};

/** A deleted user keeps its ID, so that nobody gets it again, and nothing that tells who it was. */
const erased = (user: User, moment: Moment): User => {
  const { tenant, userId, createdAt, version } = user;
  const rest = { tenant, userId, createdAt, version, emailVerified: false, roles: {}, endedSessions: [] };
  const { now, correlationId } = moment;
  const blank: User = { ...rest, status: 'DELETED', updatedAt: '', correlationId, fact: { type: 'AccessChanged' } };
  return next(blank, { tokensNotBefore: seconds(now) }, 'AccessChanged', moment);
};

/** What admins change of a user. No token counts that was issued before; of one that is disabled, no log-in either. */
export const changeAccess = (
  user: User,
  { status = user.status, roles, totp }: AccessChange,
  expected: Expectation,
  moment: Moment,
): Decision<User, ChangeRejection> => {
  const refusal = refusalOf(user, expected);
  if (refusal !== undefined) return reject(refusal);
  if (status === 'DELETED') return accept(erased(user, moment));
  const given = roles === undefined ? user.roles : assigned(roles, moment.now, user.roles);
  const totpSince = totp === 'reset' ? undefined : user.totpSince;
  const tokensNotBefore = latest(seconds(moment.now), user.tokensNotBefore);
  const logInsNotBefore = status === 'DISABLED' ? tokensNotBefore : user.logInsNotBefore;
  return accept(
    next(user, { status, roles: given, totpSince, tokensNotBefore, logInsNotBefore }, 'AccessChanged', moment),
  );
};

const accessFacts: ReadonlySet<UserFact> = new Set(['AccessChanged', 'SessionEnded', 'TotpConfirmed']);

/** The event that a user's newest fact stands for; nothing when it is not for others. */
export const userEvent = (user: User): UserEvent | undefined => {
  const { tenant, userId, email, displayName, version, updatedAt, correlationId, fact } = user;
  const envelope = {
    specversion: '1.0' as const,
    id: `${tenant}/${userId}:${version}`,
    source: '/users',
    subject: userId,
    time: updatedAt,
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: correlationId,
    actor: fact.actor,
    network: fact.network,
  };
  if (accessFacts.has(fact.type)) return { ...envelope, type: 'UserAccessChanged.v1', data: { userId } };
  if (email === undefined) return undefined;
  if (fact.type === 'UserAuthenticated') return { ...envelope, type: 'UserAuthenticated.v1', data: { userId, email } };
  if (fact.type === 'UserProfileCreated')
    return { ...envelope, type: 'UserProfileCreated.v1', data: { userId, email, displayName } };
  return undefined;
};
