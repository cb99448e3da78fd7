import * as z from 'zod';
import { Email } from '../values/email';
import { personal } from '../values/personal';
import { freeText, opaqueText } from '../values/text';
import type { OperationContract } from './operation';
import type { Operation } from './routes';

const eachKind = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[!-/:-@[-`{-~])[!-~]+$/;

/** The user pool's own rules, so that it never refuses a password: a refusal would reveal which accounts exist. */
export const Password = z
  .string()
  .min(12)
  .max(128)
  .regex(
    eachKind,
    'must have a lower-case letter, an upper-case letter, a digit and a symbol, and no blanks or other characters',
  );

/** An e-mail address in lower case, since case makes no other account. */
export const SignInEmail = personal('account', Email.toLowerCase());

const Code = z.string().regex(/^\d{6}$/, 'must be the 6 digits of the e-mail');
const Token = opaqueText(8192);
const GivenPassword = opaqueText(256); // no rules, since it is only compared

export const SignUpRequest = z.strictObject({
  email: SignInEmail,
  password: Password,
  displayName: personal('account', freeText(100)).optional(),
});
export const ConfirmSignUpRequest = z.strictObject({ email: SignInEmail, code: Code, password: Password });

/** The current six digits of an authenticator app (RFC 6238, SHA-1, 30 s). */
export const TotpCode = z.string().regex(/^\d{6}$/, 'must be the 6 digits that the authenticator app shows');

export const LogInRequest = z.strictObject({
  email: SignInEmail,
  password: GivenPassword,
  totpCode: TotpCode.optional(),
});
export const SetUpTotpRequest = LogInRequest;
export const ConfirmTotpRequest = z.strictObject({
  email: SignInEmail,
  password: GivenPassword,
  /** A code of the new device. */
  code: TotpCode,
  /** A code of the previous device, if there was one. */
  totpCode: TotpCode.optional(),
});
export const RefreshTokensRequest = z.strictObject({ refreshToken: Token });
export const ForgotPasswordRequest = z.strictObject({ email: SignInEmail });
export const ResetPasswordRequest = z.strictObject({ email: SignInEmail, code: Code, password: Password });
export const LogOutRequest = z.strictObject({ refreshToken: Token.optional() });

/** The answer does not reveal whether the account exists. */
export const CodeSentResponse = z.object({ message: z.string() });

/** The ID token is the bearer token of all routes. It is valid for `expiresIn` seconds. */
export const RefreshTokensResponse = z.object({
  tokenType: z.literal('Bearer'),
  idToken: z.string(),
  expiresIn: z.int().positive(),
});
export type RefreshTokensResponse = z.infer<typeof RefreshTokensResponse>;

export const LogInResponse = RefreshTokensResponse.extend({ refreshToken: z.string() });
export type LogInResponse = z.infer<typeof LogInResponse>;

/** The secret for an authenticator app, and the same as a `uri` for a QR code. */
export const SetUpTotpResponse = z.object({ secret: z.string(), uri: z.string() });

const shop = 'The shop is that of `X-Storefront-Key`. The same address may have an account in each shop.';
const silent = 'The answer does not reveal whether the account exists.';

/** The contracts of the sign-in operations. They exist only where the system has its own user pool. */
export const signInOperations = {
  signUp: {
    summary: 'Sign up as a customer',
    description: `Mails a code that confirms the address. ${shop} ${silent}`,
    tag: 'Sign-in',
    body: SignUpRequest,
    answers: { 202: CodeSentResponse },
    problems: ['NotFound'],
  },
  confirmSignUp: {
    summary: 'Confirm the address with the code of the e-mail',
    description:
      'The password in this request becomes the account’s, even if somebody else signed up with the address before. An ' +
      'address is mailed at most one code per minute: an earlier repeated sign-up or request uses the previous code.',
    tag: 'Sign-in',
    body: ConfirmSignUpRequest,
    answers: { 204: null },
    problems: ['InvalidCode', 'NotFound'],
  },
  logIn: {
    summary: 'Log in',
    description:
      `${shop} A wrong password, a wrong code, an unknown address and one that is not confirmed get the same answer. ` +
      'With an authenticator app set up, `totpCode` is needed: `TotpCodeRequired`. In production, staff, tenant admins ' +
      'and platform admins must set one up first: `TotpSetupRequired`.',
    tag: 'Sign-in',
    body: LogInRequest,
    answers: { 200: LogInResponse },
    problems: ['InvalidCredentials', 'TotpCodeRequired', 'TotpSetupRequired', 'NotFound'],
  },
  setUpTotp: {
    summary: 'Set up an authenticator app as second factor (TOTP)',
    description:
      'Returns a new secret. It is active once `POST /auth/totp/confirm` accepts a code of it. Until then the previous ' +
      'one stays active, and its `totpCode` is required here.',
    tag: 'Sign-in',
    body: SetUpTotpRequest,
    answers: { 200: SetUpTotpResponse },
    problems: ['InvalidCredentials', 'TotpCodeRequired', 'NotFound'],
  },
  confirmTotp: {
    summary: 'Confirm the authenticator app with a code of it',
    description: 'Every later log-in needs a code. Earlier log-ins are ended.',
    tag: 'Sign-in',
    body: ConfirmTotpRequest,
    answers: { 204: null },
    problems: ['InvalidCredentials', 'InvalidCode', 'TotpCodeRequired', 'NotFound'],
  },
  refreshTokens: {
    summary: 'Get a new ID token for a refresh token',
    tag: 'Sign-in',
    body: RefreshTokensRequest,
    answers: { 200: RefreshTokensResponse },
    problems: ['InvalidCredentials', 'NotFound'],
  },
  forgotPassword: {
    summary: 'Ask for a code to set a new password',
    description: `${shop} ${silent}`,
    tag: 'Sign-in',
    body: ForgotPasswordRequest,
    answers: { 202: CodeSentResponse },
    problems: ['NotFound'],
  },
  resetPassword: {
    summary: 'Set a new password with the code of the e-mail',
    description: 'All log-ins with the old password are ended.',
    tag: 'Sign-in',
    body: ResetPasswordRequest,
    answers: { 204: null },
    problems: ['InvalidCode', 'NotFound'],
  },
  logOut: {
    summary: 'Log out',
    description: 'Ends the log-in of the token. All its tokens are refused within a minute.',
    tag: 'Sign-in',
    body: LogOutRequest.optional(),
    answers: { 204: null },
    problems: ['NotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
