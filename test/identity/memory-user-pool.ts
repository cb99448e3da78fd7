import type { PoolCall } from '../../lambda/identity/sign-in/pool-calls.gateway';
import type { UserPool } from '../../lambda/identity/sign-in/user-pool.gateway';
import type { Io } from '../stores/io';

type PoolUser = {
  status: string;
  password: string;
  code?: string | undefined;
  resetCode?: string | undefined;
  readonly sub: string;
  readonly attributes: Map<string, string>;
  readonly groups: Set<string>;
};

type Input = {
  readonly Username: string;
  readonly Password?: string;
  readonly ConfirmationCode?: string;
  readonly GroupName?: string;
  readonly UserAttributes?: readonly { Name: string; Value: string }[];
  readonly AuthParameters?: Record<string, string>;
};

const refuse = (name: string): never => {
  throw Object.assign(new Error(name), { name });
};

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A user pool as Cognito behaves, in memory: `io` decides when each of its calls has its effect. */
export const memoryUserPool = () => {
  const users = new Map<string, PoolUser>();
  const deleted: string[] = [];
  const mails: { readonly to: string; readonly code: string }[] = [];
  let codes = 100_000;

  const mailCode = (user: PoolUser): string => {
    codes += 1;
    mails.push({ to: user.attributes.get('email') ?? '', code: String(codes) });
    return String(codes);
  };
  const known = ({ Username }: Input): PoolUser => users.get(Username) ?? refuse('UserNotFoundException');
  const write = (user: PoolUser, { UserAttributes = [] }: Input) => {
    for (const { Name, Value } of UserAttributes)
      if (Value === '') user.attributes.delete(Name);
      else user.attributes.set(Name, Value);
  };
  const create = (input: Input, status: string): PoolUser => {
    if (users.has(input.Username)) refuse('UsernameExistsException');
    const sub = `user-${users.size + deleted.length + 1}`;
    const user: PoolUser = { status, password: input.Password ?? '', sub, attributes: new Map(), groups: new Set() };
    write(user, input);
    users.set(input.Username, user);
    return user;
  };
  const idToken = ({ sub, attributes, groups }: PoolUser): string => {
    const claims = { iss: 'https://pool', sub, iat: 1, email: attributes.get('email'), name: attributes.get('name') };
    const own = { 'custom:tenant': attributes.get('custom:tenant'), 'cognito:groups': [...groups] };
    return `${base64url({ alg: 'RS256' })}.${base64url({ ...claims, ...own })}.s`;
  };

  const operations: Record<string, (input: Input) => unknown> = {
    SignUp: (input) => {
      const user = create(input, 'UNCONFIRMED');
      user.code = mailCode(user);
    },
    ResendConfirmationCode: (input) => {
      const user = known(input);
      if (user.status !== 'UNCONFIRMED') refuse('InvalidParameterException');
      user.code = mailCode(user);
    },
    ConfirmSignUp: (input) => {
      const user = known(input);
      if (user.status !== 'UNCONFIRMED') refuse('NotAuthorizedException');
      if (user.code !== input.ConfirmationCode) refuse('CodeMismatchException');
      user.status = 'CONFIRMED';
      user.attributes.set('email_verified', 'true');
    },
    InitiateAuth: ({ AuthParameters = {} }) => {
      const user = users.get(AuthParameters.USERNAME ?? '') ?? refuse('NotAuthorizedException');
      if (user.password !== AuthParameters.PASSWORD) refuse('NotAuthorizedException');
      if (user.status === 'UNCONFIRMED') refuse('UserNotConfirmedException');
      if (user.status === 'RESET_REQUIRED') refuse('PasswordResetRequiredException');
      return { AuthenticationResult: { IdToken: idToken(user), ExpiresIn: 3600, RefreshToken: `refresh ${user.sub}` } };
    },
    RevokeToken: () => undefined,
    ForgotPassword: (input) => {
      const user = known(input);
      if (user.attributes.get('email_verified') !== 'true') refuse('InvalidParameterException');
      user.resetCode = mailCode(user);
    },
    ConfirmForgotPassword: (input) => {
      const user = known(input);
      if (user.resetCode === undefined || user.resetCode !== input.ConfirmationCode) refuse('CodeMismatchException');
      Object.assign(user, { status: 'CONFIRMED', password: input.Password, resetCode: undefined });
    },
    AdminGetUser: (input) => {
      const { status, sub, attributes } = known(input);
      const UserAttributes = [...attributes, ['sub', sub] as const].map(([Name, Value]) => ({ Name, Value }));
      return { UserStatus: status, UserAttributes };
    },
    AdminCreateUser: (input) => void create(input, 'FORCE_CHANGE_PASSWORD'),
    AdminSetUserPassword: (input) =>
      void Object.assign(known(input), { status: 'CONFIRMED', password: input.Password }),
    AdminUpdateUserAttributes: (input) => write(known(input), input),
    AdminAddUserToGroup: (input) => void known(input).groups.add(input.GroupName ?? ''),
    AdminResetUserPassword: (input) => {
      const user = known(input);
      user.status = 'RESET_REQUIRED';
      user.resetCode = mailCode(user);
    },
    AdminDeleteUser: (input) => {
      known(input);
      users.delete(input.Username);
      deleted.push(input.Username);
    },
    AdminUserGlobalSignOut: (input) => void known(input),
  };

  /** The pool, each of whose calls waits for `io`. */
  const poolWith = (io: Io): UserPool => {
    const call = (name: string, input: Input) => {
      const operation = operations[name] ?? (() => refuse(`the pool in memory has no ${name}`));
      return io(name, () => operation(input) ?? {});
    };
    return { pool: call as PoolCall, userPoolId: 'pool' };
  };

  return { users, deleted, mails, poolWith };
};
