import { createHash, createHmac } from 'node:crypto';
import { deliverable } from '../../contracts/values/email';
import type { Tenant } from '../../kernel/tenant';
import type { Account, LogInRefused, PoolLogIn, Refused, Secrets, Tokens } from './log-in';
import type { PoolCall } from './pool-calls.gateway';

const maxUserName = 128; // of a user pool

/**
 * Returns the name of an account in the user pool: one address may have an account in each shop, unknown to the others.
 * A long address is replaced by its hash.
 */
export const userNameOf = (tenant: Tenant, email: string): string => {
  const name = `${tenant}/${email}`;
  return name.length <= maxUserName ? name : `${tenant}/${createHash('sha256').update(email).digest('hex')}`;
};

type Client = { readonly clientId: string; readonly clientSecret: string };

/** Returns the client's secret hash, without which the user pool refuses sign-ups and log-ins. */
const secretHash = ({ clientId, clientSecret }: Client, userName: string): string =>
  createHmac('sha256', clientSecret).update(`${userName}${clientId}`).digest('base64');

const limited = { TooManyRequestsException: 'limited' } as const;

/** An account's own limit counts as a wrong code: another response would reveal that the account exists. */
const code = {
  CodeDeliveryFailureException: 'refused',
  CodeMismatchException: 'refused',
  ExpiredCodeException: 'refused',
  InvalidParameterException: 'refused',
  LimitExceededException: 'refused',
  NotAuthorizedException: 'refused',
  TooManyFailedAttemptsException: 'refused',
  UserNotConfirmedException: 'refused',
  UserNotFoundException: 'refused',
} as const;

const logInRefusals = {
  CodeMismatchException: 'refused',
  ExpiredCodeException: 'refused', // a code is valid once
  InvalidParameterException: 'refused',
  NotAuthorizedException: 'refused',
  PasswordResetRequiredException: 'refused',
  RefreshTokenReuseException: 'refused',
  UserNotConfirmedException: 'refused',
  UserNotFoundException: 'refused',
} as const;

const totp = {
  CodeMismatchException: 'refused',
  EnableSoftwareTokenMFAException: 'refused',
  InvalidParameterException: 'refused',
  NotAuthorizedException: 'refused',
} as const;

const revoke = {
  InvalidParameterException: 'refused',
  NotAuthorizedException: 'refused',
  UnauthorizedException: 'refused',
  UnsupportedTokenTypeException: 'refused',
} as const;

/** A code that cannot be mailed counts as refused: the caller gets the same response as if it was sent. */
const mail = { CodeDeliveryFailureException: 'refused', LimitExceededException: 'refused' } as const;

/** The errors with which the user pool refuses, per kind of call. */
const refusals = { code, logIn: logInRefusals, mail, revoke, totp };

/** Runs a call of the user pool. Returns refusals as values. Throws any other error. */
export const attempt = async <Answer, Value extends string>(
  call: () => Promise<Answer>,
  values: Readonly<Record<string, Value>>,
): Promise<Answer | Value | Refused> => {
  try {
    return await call();
  } catch (error) {
    const known: Readonly<Record<string, Value | Refused>> = { ...limited, ...values };
    const value = error instanceof Error && Object.hasOwn(known, error.name) ? known[error.name] : undefined;
    if (value === undefined) throw error;
    return value;
  }
};

export type UserPool = { readonly pool: PoolCall; readonly userPoolId: string };

type Result =
  | {
      IdToken?: string | undefined;
      ExpiresIn?: number | undefined;
      RefreshToken?: string | undefined;
      AccessToken?: string | undefined;
    }
  | undefined;

/** Returns undefined when a challenge is outstanding, such as a password that must be changed first. */
const tokensFrom = (result: Result): Tokens | undefined =>
  result?.IdToken === undefined ? undefined : { idToken: result.IdToken, expiresIn: result.ExpiresIn ?? 3600 };

/** Returns our own client of the user pool, with its secret. Throws when it has none. */
export const poolClient = async ({ pool, userPoolId }: UserPool, clientId: string): Promise<Client> => {
  const { UserPoolClient } = await pool('DescribeUserPoolClient', { UserPoolId: userPoolId, ClientId: clientId });
  if (UserPoolClient?.ClientSecret === undefined) throw new Error('the client of the user pool has no secret');
  return { clientId, clientSecret: UserPoolClient.ClientSecret };
};

type Ours = UserPool & { readonly client: Client };

const named = ({ client }: Ours, { tenant, email }: Account) => {
  const Username = userNameOf(tenant, email);
  return { ClientId: client.clientId, Username, SecretHash: secretHash(client, Username) };
};

const signUp = (ours: Ours, account: Account, password: string, displayName?: string) => {
  const email = { Name: 'email', Value: deliverable(account.email) };
  const UserAttributes = displayName === undefined ? [email] : [email, { Name: 'name', Value: displayName }];
  const given = { ...named(ours, account), Password: password, UserAttributes };
  const call = async () => {
    await ours.pool('SignUp', given);
    return 'new' as const;
  };
  return attempt(call, { UsernameExistsException: 'exists', ...refusals.mail });
};

const challenge = 'SOFTWARE_TOKEN_MFA';

const answerChallenge = (ours: Ours, account: Account, code: string, Session: string | undefined) => {
  const { ClientId, Username, SecretHash } = named(ours, account);
  const ChallengeResponses = { USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE: code, SECRET_HASH: SecretHash };
  const given = { ClientId, ChallengeName: challenge, Session, ChallengeResponses } as const;
  return ours.pool('RespondToAuthChallenge', given);
};

const poolLogIn = (result: Result, withTotp: boolean): PoolLogIn | 'refused' => {
  const tokens = tokensFrom(result);
  if (tokens === undefined || !result?.RefreshToken || !result.AccessToken) return 'refused';
  return { ...tokens, refreshToken: result.RefreshToken, accessToken: result.AccessToken, withTotp };
};

const logIn = (ours: Ours, account: Account, { password, totpCode }: Secrets): Promise<PoolLogIn | LogInRefused> => {
  const { ClientId, Username, SecretHash } = named(ours, account);
  const AuthParameters = { USERNAME: Username, PASSWORD: password, SECRET_HASH: SecretHash };
  const given = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters } as const;
  const call = async (): Promise<PoolLogIn | LogInRefused> => {
    const first = await ours.pool('InitiateAuth', given);
    if (first.ChallengeName !== challenge) return poolLogIn(first.AuthenticationResult, false);
    if (totpCode === undefined) return 'code-required';
    const answered = await answerChallenge(ours, account, totpCode, first.Session);
    return poolLogIn(answered.AuthenticationResult, true);
  };
  return attempt(call, refusals.logIn);
};

const refresh = ({ pool, client }: Ours, refreshToken: string): Promise<Tokens | Refused> => {
  const secret = { ClientId: client.clientId, ClientSecret: client.clientSecret };
  return attempt(async () => {
    const { AuthenticationResult } = await pool('GetTokensFromRefreshToken', { ...secret, RefreshToken: refreshToken });
    return tokensFrom(AuthenticationResult) ?? 'refused';
  }, refusals.logIn);
};

/** The calls that open, refresh and end a log-in. Separate, so that the session function bundles nothing else. */
export const logInPool = (ours: Ours) => {
  const { pool, client } = ours;
  return {
    logIn: (account: Account, secrets: Secrets) => logIn(ours, account, secrets),

    refresh: (refreshToken: string) => refresh(ours, refreshToken),

    revoke: async (refreshToken: string): Promise<void> => {
      const given = { ClientId: client.clientId, ClientSecret: client.clientSecret, Token: refreshToken };
      await attempt(() => pool('RevokeToken', given), refusals.revoke);
    },
  };
};

/** The calls of people on their own accounts. Refusals are values that do not reveal whether the account exists. */
export const userPool = (ours: Ours) => {
  const { pool } = ours;
  return {
    ...logInPool(ours),

    /** Creates the account and mails a code. Returns `exists` when there is one already. */
    signUp: (account: Account, password: string, displayName?: string) => signUp(ours, account, password, displayName),

    /** Mails the code again. Returns `refused` for a confirmed or unknown account. */
    resendCode: (account: Account) =>
      attempt(() => pool('ResendConfirmationCode', named(ours, account)), refusals.code),

    confirm: (account: Account, code: string) => {
      const given = { ...named(ours, account), ConfirmationCode: code };
      return attempt(() => pool('ConfirmSignUp', given), refusals.code);
    },

    forgotPassword: (account: Account) => attempt(() => pool('ForgotPassword', named(ours, account)), refusals.code),

    resetPassword: (account: Account, code: string, password: string) => {
      const given = { ...named(ours, account), ConfirmationCode: code, Password: password };
      return attempt(() => pool('ConfirmForgotPassword', given), refusals.code);
    },
  };
};

export type UserPoolGateway = ReturnType<typeof userPool>;

const on = { Enabled: true, PreferredMfa: true };

/** The calls to set up an authenticator app. `accessToken` is that of a fresh log-in. */
export const totpPool = ({ pool }: UserPool) => ({
  /** Returns a new secret in base 32. The previous one stays valid until the new one is confirmed. */
  begin: (accessToken: string) =>
    attempt(async () => {
      const { SecretCode } = await pool('AssociateSoftwareToken', { AccessToken: accessToken });
      if (SecretCode === undefined) throw new Error('the user pool returned no secret for an authenticator app');
      return { secret: SecretCode };
    }, refusals.totp),

  /** Requires a code at each log-in from now on, if `code` is one of the new secret. Else returns `refused`. */
  confirm: (accessToken: string, code: string) =>
    attempt(async () => {
      const given = { AccessToken: accessToken, UserCode: code };
      const { Status } = await pool('VerifySoftwareToken', given);
      if (Status !== 'SUCCESS') return 'refused';
      const preference = { AccessToken: accessToken, SoftwareTokenMfaSettings: on };
      await pool('SetUserMFAPreference', preference);
      return 'confirmed' as const;
    }, refusals.totp),
});

export type TotpPool = ReturnType<typeof totpPool>;
