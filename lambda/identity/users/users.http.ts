import * as z from 'zod';
import { page } from '../../contracts/api/page';
import { CreateUserRequest, UpdateMeRequest, UpdateUserRequest, type UserView } from '../../contracts/api/user-api';
import { UserId } from '../../contracts/values/text';
import type { Secrets } from '../../kernel/aws/secret';
import { type Answer, isProblem, type ProblemAnswer, refuse } from '../../kernel/http/answer';
import { etag, parseBody, parseQuery } from '../../kernel/http/input';
import { answerPage, type PageAfter } from '../../kernel/http/list-page';
import type { Request, Route } from '../../kernel/http/route';
import { externalAccounts, mismatch, momentOf, readChange } from '../identity.http';
import type { Directory } from '../sign-in/directory.gateway';
import { changeUser } from './change-user';
import { type ChangeRejection, changeAccess, changeProfile, newUser, type User, type UserKey } from './user';
import type { UserCursor, UserStore } from './user.store';
import { roleNames } from './user-row';

/** Returns the API's representation of a user. */
export const userView = (user: User): UserView => {
  const { tenant, userId, email, emailVerified, status, roles, lastLoginAt, totpSince, createdAt, updatedAt, version } =
    user;
  const { displayName, firstName, lastName, phoneNumber, address, preferences, avatar } = user;
  return {
    userId,
    tenantId: tenant,
    email,
    emailVerified,
    status,
    userRoles: roleNames(roles).map((role) => ({ role, assignedAt: roles[role] ?? createdAt })),
    displayName,
    firstName,
    lastName,
    phoneNumber,
    address,
    preferences,
    avatar,
    lastLoginAt,
    totpSince,
    createdAt,
    updatedAt,
    version,
  };
};

export type UsersDeps = {
  readonly users: Pick<UserStore, 'get' | 'create' | 'save' | 'list'>;
  /** Missing when an external provider keeps the accounts. */
  readonly directory: Pick<Directory, 'find' | 'invite' | 'setStatus' | 'setRoles' | 'resetTotp'> | undefined;
  readonly cursorSecret: Secrets;
  readonly now: () => Date;
};

const notFound = refuse('UserNotFound', 'No user of this tenant has this ID.');
const exists = refuse('UserExists', 'This tenant has a user with this address already.');
const deleted = refuse('UserDeleted', 'The user is deleted and can no longer be changed.');
const notYourself = refuse('Forbidden', 'You cannot change your own status or roles. Ask another admin.');
const externalRoles = refuse('Forbidden', 'The external identity provider manages roles. Change them there.');
const platformAdmin = refuse('Forbidden', 'A tenant cannot change a platform admin.');

const shown = (user: User, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  body: userView(user),
  headers: { ...etag(user.version), ...headers },
});

const answerRefusal = (reason: ChangeRejection | 'unknown', user: User | undefined): Answer => {
  if (reason === 'unknown' || user === undefined) return notFound;
  return reason === 'deleted' ? deleted : mismatch[reason](user.version);
};

const me = ({ caller: { tenant, userId = '' } }: Request): UserKey => ({ tenant, userId });

const readUser = async ({ users }: UsersDeps, request: Request, key: UserKey): Promise<Answer> => {
  const user = UserId.safeParse(key.userId).success ? await users.get(key) : undefined;
  if (user === undefined) return notFound;
  const tag = etag(user.version);
  return request.header('if-none-match') === tag.etag ? { status: 304, headers: tag } : shown(user);
};

const updateMe =
  ({ users, now }: UsersDeps): Route =>
  async (request) => {
    const parsed = readChange(request, UpdateMeRequest);
    if (isProblem(parsed)) return parsed;
    let current: User | undefined;
    const decision = await changeUser(users, me(request), (user) => {
      current = user;
      return changeProfile(user, parsed.change, parsed.expected, momentOf(request, now));
    });
    return decision.accepted ? shown(decision.fact) : answerRefusal(decision.reason, current);
  };

const createUser =
  ({ users, directory, now }: UsersDeps): Route =>
  async (request) => {
    const parsed = parseBody(request, CreateUserRequest);
    if (isProblem(parsed)) return parsed;
    if (directory === undefined) return externalAccounts;
    const { tenant } = request.caller;
    const { email, displayName, roles } = parsed.body;
    const known = await directory.find({ tenant, email });
    if (known !== undefined && (await users.get({ tenant, userId: known.userId })) !== undefined) return exists;
    const userId = await directory.invite({ tenant, email }, { roles, displayName });
    const identity = { tenant, userId, email, emailVerified: true, displayName, roles };
    const user = newUser(identity, momentOf(request, now));
    if (!(await users.create(user))) return exists;
    return shown(user, 201, { location: `/users/${userId}` });
  };

/** Returns the user that an admin may change, or a problem: not the admin itself, and no platform admin. */
const subjectOf = async ({ users }: UsersDeps, { caller, pathParameter }: Request): Promise<User | ProblemAnswer> => {
  const userId = pathParameter('userId');
  const user = UserId.safeParse(userId).success ? await users.get({ tenant: caller.tenant, userId }) : undefined;
  if (user === undefined) return notFound;
  if (userId === caller.userId) return notYourself;
  return user.roles['platform-admin'] === undefined ? user : platformAdmin;
};

/** Whether the change sets roles that an external provider keeps: its next token would override them. */
const areRolesExternal = ({ directory }: UsersDeps, { roles }: Pick<UpdateUserRequest, 'roles'>): boolean =>
  directory === undefined && roles !== undefined;

const updateUser =
  (deps: UsersDeps): Route =>
  async (request) => {
    const parsed = readChange(request, UpdateUserRequest);
    if (isProblem(parsed)) return parsed;
    const user = await subjectOf(deps, request);
    if (isProblem(user)) return user;
    if (areRolesExternal(deps, parsed.change)) return externalRoles;
    const decide = (current: User) =>
      changeAccess(current, parsed.change, parsed.expected, momentOf(request, deps.now));
    const first = decide(user);
    if (!first.accepted) return answerRefusal(first.reason, user);
    await applyToAccount(deps.directory, user, parsed.change);
    const decision = await changeUser(deps.users, user, decide);
    return decision.accepted ? shown(decision.fact) : answerRefusal(decision.reason, await deps.users.get(user));
  };

/** Changes the account before the row, so that a retry after a failure does both. Tokens are checked by the row. */
const applyToAccount = async (
  directory: UsersDeps['directory'],
  { tenant, email }: User,
  { status, roles, totp }: Pick<UpdateUserRequest, 'status' | 'roles' | 'totp'>,
): Promise<void> => {
  if (directory === undefined || email === undefined) return;
  if (roles !== undefined) await directory.setRoles({ tenant, email }, roles);
  if (totp === 'reset') await directory.resetTotp({ tenant, email });
  if (status !== undefined) await directory.setStatus({ tenant, email }, status);
};

const Mark = z.object({ userId: z.string(), createdAt: z.string() });

const listUsers =
  ({ users, cursorSecret }: UsersDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, z.object(page));
    if (isProblem(parsed)) return parsed;
    const { tenant } = request.caller;
    const list = { secret: cursorSecret, scope: { tenant, list: 'users' }, key: Mark };
    const read = (wanted: PageAfter<UserCursor>) => users.list({ tenant, ...wanted });
    return answerPage(parsed.query, list, read, userView);
  };

/** Returns the routes of users, by operation. */
export const userRoutes = (deps: UsersDeps) => {
  const getMe: Route = (request) => readUser(deps, request, me(request));
  const getUser: Route = (request) =>
    readUser(deps, request, { tenant: request.caller.tenant, userId: request.pathParameter('userId') });
  return {
    getMe,
    updateMe: updateMe(deps),
    createUser: createUser(deps),
    listUsers: listUsers(deps),
    getUser,
    updateUser: updateUser(deps),
  };
};
