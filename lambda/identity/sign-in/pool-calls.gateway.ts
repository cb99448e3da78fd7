import type * as Cognito from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { serviceUrl } from '../../kernel/aws/aws-endpoint';
import { sendSigned } from '../../kernel/aws/signed-request';
import { jitteredBackoff, retry } from '../../kernel/retry';

/** The request and the response of each operation of the user pool. */
type Operations = {
  AdminAddUserToGroup: [Cognito.AdminAddUserToGroupRequest, unknown];
  AdminCreateUser: [Cognito.AdminCreateUserRequest, unknown];
  AdminDeleteUser: [Cognito.AdminDeleteUserRequest, unknown];
  AdminDisableUser: [Cognito.AdminDisableUserRequest, unknown];
  AdminEnableUser: [Cognito.AdminEnableUserRequest, unknown];
  AdminGetUser: [Cognito.AdminGetUserRequest, Pick<Cognito.AdminGetUserResponse, 'UserAttributes' | 'UserStatus'>];
  AdminRemoveUserFromGroup: [Cognito.AdminRemoveUserFromGroupRequest, unknown];
  AdminResetUserPassword: [Cognito.AdminResetUserPasswordRequest, unknown];
  AdminSetUserMFAPreference: [Cognito.AdminSetUserMFAPreferenceRequest, unknown];
  AdminSetUserPassword: [Cognito.AdminSetUserPasswordRequest, unknown];
  AdminUpdateUserAttributes: [Cognito.AdminUpdateUserAttributesRequest, unknown];
  AdminUserGlobalSignOut: [Cognito.AdminUserGlobalSignOutRequest, unknown];
  AssociateSoftwareToken: [Cognito.AssociateSoftwareTokenRequest, Cognito.AssociateSoftwareTokenResponse];
  ConfirmForgotPassword: [Cognito.ConfirmForgotPasswordRequest, unknown];
  ConfirmSignUp: [Cognito.ConfirmSignUpRequest, unknown];
  DescribeUserPoolClient: [
    Cognito.DescribeUserPoolClientRequest,
    { readonly UserPoolClient?: Pick<Cognito.UserPoolClientType, 'ClientSecret'> },
  ];
  ForgotPassword: [Cognito.ForgotPasswordRequest, unknown];
  GetTokensFromRefreshToken: [Cognito.GetTokensFromRefreshTokenRequest, Cognito.GetTokensFromRefreshTokenResponse];
  InitiateAuth: [Cognito.InitiateAuthRequest, Cognito.InitiateAuthResponse];
  ResendConfirmationCode: [Cognito.ResendConfirmationCodeRequest, unknown];
  RespondToAuthChallenge: [Cognito.RespondToAuthChallengeRequest, Cognito.RespondToAuthChallengeResponse];
  RevokeToken: [Cognito.RevokeTokenRequest, unknown];
  SetUserMFAPreference: [Cognito.SetUserMFAPreferenceRequest, unknown];
  SignUp: [Cognito.SignUpRequest, unknown];
  VerifySoftwareToken: [Cognito.VerifySoftwareTokenRequest, Cognito.VerifySoftwareTokenResponse];
};

/** Calls one operation of Cognito's user pools. Throws an error with Cognito's own name (`UserNotFoundException`). */
export type PoolCall = <Name extends keyof Operations>(
  name: Name,
  input: Operations[Name][0],
) => Promise<Operations[Name][1]>;

const timeoutMs = 5000;
const contentType = 'application/x-amz-json-1.1';

/** Whether IAM authorizes the operation; the others need a password, a code, a token or the client's secret. */
const isSigned = (name: string): boolean => /^(Admin|Describe)/.test(name);

const post = (name: string, body: string): Promise<Response> => {
  const url = `${serviceUrl('cognito-idp')}/`;
  const target = { 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` };
  if (isSigned(name)) return sendSigned({ url, service: 'cognito-idp', contentType, headers: target, body, timeoutMs });
  const headers = { ...target, 'content-type': contentType };
  return fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) });
};

const Failure = z.object({ __type: z.string().optional(), message: z.string().optional() }).catch({});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not from Cognito itself, or empty
  }
};

/** Returns an error with Cognito's name. `header` is the response's `x-amzn-errortype`. */
const errorOf = (name: string, status: number, text: string, header: string | null): Error => {
  const { __type, message } = Failure.parse(parsed(text));
  const type = (header ?? __type ?? '').replace(/^.*#/, '').replace(/:.*$/, '');
  return Object.assign(new Error(message ?? `${name} failed with ${status}`), {
    name: type || 'UserPoolError',
    status,
  });
};

const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error) || error.name === 'TimeoutError') return false;
  if (!('status' in error)) return true; // no response
  return Number(error.status) >= 500 || error.name === 'TooManyRequestsException';
};

const attempts = { ...jitteredBackoff, attempts: 3, baseMs: 50 };

/**
 * Calls Cognito in the function's region. Throws after three failed attempts. It is a plain JSON request, since the
 * SDK's client would add 43 KB to the bundle.
 */
export const callPool: PoolCall = (name, input) => {
  const body = JSON.stringify(input);
  return retry(
    async () => {
      const response = await post(name, body);
      const text = await response.text();
      if (!response.ok) throw errorOf(name, response.status, text, response.headers.get('x-amzn-errortype'));
      return (text === '' ? {} : JSON.parse(text)) as Operations[typeof name][1];
    },
    isTransient,
    attempts,
  );
};
