import * as z from 'zod';
import { Email } from './email';
import type { OperationContract } from './operation';
import type { Operation } from './routes';
import { freeText, opaqueText } from './text';

const eachKind = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[!-/:-@[-`{-~])[!-~]+$/;

/** What the user pool asks of a password too, so that it never has to refuse one: its refusal would tell who exists. */
export const Password = z
  .string()
  .min(12)
  .max(128)
  .regex(
    eachKind,
    'must have a lower-case letter, an upper-case letter, a digit and a symbol, and no blanks or other characters',
  );

/** Upper and lower case are the same address. */
export const SignInEmail = Email.toLowerCase();

const Code = z.string().regex(/^\d{6}$/, 'must be the 6 digits of the e-mail');
const Token = opaqueText(8192);
const GivenPassword = opaqueText(256); // whatever it is, it is right or wrong

export const SignUpRequest = z.strictObject({
  email: SignInEmail,
  password: Password,
  displayName: freeText(100).optional(),
});
export const ConfirmSignUpRequest = z.strictObject({ email: SignInEmail, code: Code, password: Password });

/** The six digits that an authenticator app shows at this moment (RFC 6238, SHA-1, 30 s). */
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
  /** Of the device that is set up. */
  code: TotpCode,
  /** Of the device before, where there was one. */
  totpCode: TotpCode.optional(),
});
export const RefreshTokensRequest = z.strictObject({ refreshToken: Token });
export const ForgotPasswordRequest = z.strictObject({ email: SignInEmail });
export const ResetPasswordRequest = z.strictObject({ email: SignInEmail, code: Code, password: Password });
export const LogOutRequest = z.strictObject({ refreshToken: Token.optional() });

/** Answers the same whether there is such an account or not. */
export const CodeSentResponse = z.object({ message: z.string() });

/** The ID token is the bearer token of all routes; it is good for `expiresIn` seconds. */
export const RefreshTokensResponse = z.object({
  tokenType: z.literal('Bearer'),
  idToken: z.string(),
  expiresIn: z.int().positive(),
});
export type RefreshTokensResponse = z.infer<typeof RefreshTokensResponse>;

export const LogInResponse = RefreshTokensResponse.extend({ refreshToken: z.string() });
export type LogInResponse = z.infer<typeof LogInResponse>;

/** What an authenticator app is set up with: by hand, or by `uri` as a QR code. */
export const SetUpTotpResponse = z.object({ secret: z.string(), uri: z.string() });

const shop = 'The shop is that of `X-Storefront-Key`: the same address may have an account in each shop.';
const silent = 'The answer is the same whether there is such an account or not.';

/** What the operations of signing in take and answer. They exist where the system keeps the accounts itself. */
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
      'The password that comes with the code is the one of the account from then on, whoever signed up with the address ' +
      'before. An address is mailed one code a minute: whoever signs up or asks again earlier uses the code of before.',
    tag: 'Sign-in',
    body: ConfirmSignUpRequest,
    answers: { 204: null },
    problems: ['InvalidCode', 'NotFound'],
  },
  logIn: {
    summary: 'Log in',
    description:
      `${shop} A wrong password, a wrong code, an unknown address and one that is not confirmed are answered the same. ` +
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
      'Answers with a new secret. It counts once `POST /auth/totp/confirm` has seen a code of it; until then the one ' +
      'before does, whose `totpCode` is needed here.',
    tag: 'Sign-in',
    body: SetUpTotpRequest,
    answers: { 200: SetUpTotpResponse },
    problems: ['InvalidCredentials', 'TotpCodeRequired', 'NotFound'],
  },
  confirmTotp: {
    summary: 'Confirm the authenticator app with a code of it',
    description: 'From then on each log-in needs a code. Log-ins from before are ended.',
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
    description: 'Whoever is logged in with the old one is logged out.',
    tag: 'Sign-in',
    body: ResetPasswordRequest,
    answers: { 204: null },
    problems: ['InvalidCode', 'NotFound'],
  },
  logOut: {
    summary: 'Log out',
    description: 'Ends the log-in that the token comes from: within a minute every token of it is refused.',
    tag: 'Sign-in',
    body: LogOutRequest.optional(),
    answers: { 204: null },
    problems: ['NotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
