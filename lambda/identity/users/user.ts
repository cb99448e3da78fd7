import type * as z from 'zod';
import type { Role } from '../../contracts/api/routes';
import type { profile } from '../../contracts/api/user-api';
import type { UserStatus } from '../../contracts/calls/user-calls';
import type { UserEvent } from '../../contracts/events/user-events';
import type { Sealed } from '../../contracts/values/sealed';
import { accept, type Decision, reject } from '../../kernel/decision';
import type { Origin } from '../../kernel/http/caller';
import type { Tenant } from '../../kernel/tenant';
import type { Identity } from '../authorizer/identity';

/** A user's ID within its tenant. */
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
    /** Missing for a deleted user, or when the issuer does not provide it. */
    readonly email?: string | undefined;
    readonly emailVerified: boolean;
    readonly status: UserStatus;
    /** Each role with the time at which it was assigned. */
    readonly roles: Readonly<Partial<Record<Role, string>>>;
    readonly lastLoginAt?: string | undefined;
    /** Since when each log-in needs a code of an authenticator app; missing without one. */
    readonly totpSince?: string | undefined;
    /** IDs of ended log-ins, newest last. */
    readonly endedSessions: readonly string[];
    /** Epoch seconds: tokens issued until then are invalid. */
    readonly tokensNotBefore?: number | undefined;
    /** Epoch seconds: all tokens of log-ins until then are invalid, refreshed ones included. */
    readonly logInsNotBefore?: number | undefined;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly version: number;
    readonly correlationId: string;
    readonly fact: { readonly type: UserFact } & Origin;
  };

/** The fields of a user that are stored sealed, under the user's own key. */
export const personalFields = [
  'email',
  'displayName',
  'firstName',
  'lastName',
  'phoneNumber',
  'address',
  'preferences',
  'avatar',
] as const satisfies readonly (keyof User)[];
export type PersonalField = (typeof personalFields)[number];

/** A user as it is stored: what is about the person is sealed. */
export type StoredUser = Omit<User, PersonalField> & { readonly [Field in PersonalField]?: Sealed | undefined };

/** What decides whether a user's tokens are valid. */
export type UserAccess = UserKey &
  Pick<User, 'status' | 'roles' | 'totpSince' | 'endedSessions' | 'tokensNotBefore' | 'logInsNotBefore'>;

/** The time, the actor and the correlation ID of a change. */
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

/** Returns the later time, so that clock skew between functions never makes an ended log-in valid again. */
const latest = (time: number, known = 0) => Math.max(time, known);

/** Returns the first version of a user. */
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

/** Whether a token of this user is still valid: the user is active, and neither log-in nor token was ended. */
export const isTokenValid = (
  user: UserAccess,
  { sessionId, issuedAt, loggedInAt = issuedAt }: Pick<Identity, 'sessionId' | 'issuedAt' | 'loggedInAt'>,
): boolean =>
  user.status === 'ACTIVE' &&
  !(sessionId !== undefined && user.endedSessions.includes(sessionId)) &&
  issuedAt > (user.tokensNotBefore ?? 0) &&
  loggedInAt > (user.logInsNotBefore ?? 0);

export type LogInRejection = 'not-active';

/** The identity of a log-in, and whether a code of an authenticator app was used. */
export type LoggedInAs = Pick<Identity, 'email' | 'emailVerified' | 'roles'> & { readonly withTotp: boolean };

/** Records a log-in and updates the address and the roles from the directory. Rejects a user that is not active. */
export const logIn = (
  user: User,
  { email, emailVerified, roles, withTotp }: LoggedInAs,
  moment: Moment,
): Decision<User, LogInRejection> => {
  if (user.status !== 'ACTIVE') return reject('not-active');
  const known = { email: email ?? user.email, emailVerified, roles: assigned(roles, moment.now, user.roles) };
  const at = moment.now.toISOString();
  const totpSince = withTotp ? (user.totpSince ?? at) : undefined; // only the user pool knows if it asks for one
  return accept(next(user, { ...known, totpSince, lastLoginAt: at }, 'UserAuthenticated', moment));
};

const maxEndedSessions = 100;
const retainedEndedSessions = 50; // of a full list: the issuer's clock may be ahead of ours

/** Adds a log-in to the ended ones. When the list is full, every log-in until now is ended by its time instead. */
const ended = ({ endedSessions, logInsNotBefore }: User, sessionId: string, now: Date) => {
  if (endedSessions.includes(sessionId)) return { endedSessions, logInsNotBefore };
  const all = [...endedSessions, sessionId];
  return all.length <= maxEndedSessions
    ? { endedSessions: all, logInsNotBefore }
    : { endedSessions: all.slice(-retainedEndedSessions), logInsNotBefore: latest(seconds(now), logInsNotBefore) };
};

/** Ends one log-in: its tokens become invalid. */
export const endSession = (user: User, sessionId: string, moment: Moment): User =>
  next(user, ended(user, sessionId, moment.now), 'SessionEnded', moment);

/** Invalidates every log-in until the end of this second, the resolution of token times. */
const allEnded = (user: User, now: Date): Pick<User, 'tokensNotBefore' | 'logInsNotBefore'> => ({
  tokensNotBefore: latest(seconds(now), user.tokensNotBefore),
  logInsNotBefore: latest(seconds(now), user.logInsNotBefore),
});

/**
 * Ends every log-in until the end of this second. The caller waits for the next second, so that a new log-in is valid.
 */
export const endAllSessions = (user: User, moment: Moment): User =>
  next(user, allEnded(user, moment.now), 'SessionEnded', moment);

/**
 * Requires a code of the authenticator app for each log-in from now on, and ends those until the end of this second.
 */
export const confirmTotp = (user: User, moment: Moment): User =>
  next(user, { totpSince: moment.now.toISOString(), ...allEnded(user, moment.now) }, 'TotpConfirmed', moment);

/** Whether the roles require a second factor: every role but customer can read other people's data. */
export const needsTotp = (given: readonly Role[]): boolean => given.some((role) => role !== 'customer');

/** The version that a change is based on, by its body and by `If-Match`; each optional. */
export type Expectation = { readonly expectedVersion?: number | undefined; readonly ifMatch?: number | undefined };

export type ChangeRejection = 'version-mismatch' | 'precondition-failed' | 'deleted';

const refusalOf = (user: User, { expectedVersion, ifMatch }: Expectation): ChangeRejection | undefined => {
  if (ifMatch !== undefined && ifMatch !== user.version) return 'precondition-failed';
  if (expectedVersion !== undefined && expectedVersion !== user.version) return 'version-mismatch';
  return user.status === 'DELETED' ? 'deleted' : undefined;
};

/** `null` clears a field. */
export type ProfileChange = { readonly [Name in keyof Profile]?: Profile[Name] | null };

/** Changes the user's own profile. */
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

/** Erases all personal data of a deleted user. Its ID stays, so that it is never reused. */
const erased = (user: User, moment: Moment): User => {
  const { tenant, userId, createdAt, version } = user;
  const rest = { tenant, userId, createdAt, version, emailVerified: false, roles: {}, endedSessions: [] };
  const { now, correlationId } = moment;
  const blank: User = { ...rest, status: 'DELETED', updatedAt: '', correlationId, fact: { type: 'AccessChanged' } };
  return next(blank, { tokensNotBefore: seconds(now) }, 'AccessChanged', moment);
};

/** Changes a user's access, as an admin. Tokens issued before become invalid, and log-ins too when it is disabled. */
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

/** Returns the event of a user's newest fact, undefined when the fact is internal. */
export const userEvent = (user: StoredUser): UserEvent | undefined => {
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
  if (fact.type === 'UserAuthenticated') return { ...envelope, type: 'UserAuthenticated.v2', data: { userId, email } };
  if (fact.type === 'UserProfileCreated')
    return { ...envelope, type: 'UserProfileCreated.v2', data: { userId, email, displayName } };
  return undefined;
};
