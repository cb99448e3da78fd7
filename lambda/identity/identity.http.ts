import type * as z from 'zod';
import { isProblem, type ProblemAnswer, preconditionFailed, refuse, versionMismatch } from '../kernel/http/answer';
import { actorOf } from '../kernel/http/caller';
import { parseBody, parseIfMatch } from '../kernel/http/input';
import type { Request } from '../kernel/http/route';
import type { Account, LogInOutcome } from './sign-in/log-in';
import type { Expectation, Moment } from './users/user';

export const momentOf = (request: Request, now: () => Date): Moment => ({
  now: now(),
  correlationId: request.correlationId,
  ...actorOf(request),
});

/** The response of account routes when an external provider keeps the accounts. */
export const externalAccounts = refuse(
  'NotFound',
  'This system has no accounts. Use the external identity provider instead.',
);

export const busy = refuse(
  'TooManyRequests',
  'There are too many sign-in requests. Try again after the seconds in Retry-After.',
  { headers: { 'retry-after': '1' } },
);

/** Returns the account of an address, in the shop of the request's storefront key. */
export const accountOf = ({ caller }: Request, { email }: { email: string }): Account => ({
  tenant: caller.tenant,
  email,
});

const logInRefusals: Readonly<Record<Extract<LogInOutcome, string>, ProblemAnswer>> = {
  limited: busy,
  refused: refuse(
    'InvalidCredentials',
    'The e-mail address, the password or the code is wrong, or the account is not confirmed or is disabled.',
  ),
  'code-required': refuse(
    'TotpCodeRequired',
    'This account has an authenticator app. Send the 6 digits that it shows as totpCode.',
  ),
  'setup-required': refuse(
    'TotpSetupRequired',
    'This account needs an authenticator app. Set one up with POST /auth/totp, confirm it with POST /auth/totp/confirm, then log in with its code.',
  ),
};

/** Returns the problem of a refused log-in. */
export const refuseLogIn = (outcome: Extract<LogInOutcome, string>): ProblemAnswer => logInRefusals[outcome];

/** The problems of a change that is not based on the current version. */
export const mismatch = {
  'version-mismatch': (currentVersion: number) =>
    versionMismatch(
      `The resource was changed: its version is now ${currentVersion}. Read it again and retry.`,
      currentVersion,
    ),
  'precondition-failed': (currentVersion: number) =>
    preconditionFailed(
      'The resource has another version than If-Match names. Read it again and retry.',
      currentVersion,
    ),
};

/** Parses a change and the version that it is based on. Returns a problem when the request is wrong. */
export const readChange = <Body extends { expectedVersion?: number | undefined }>(
  request: Request,
  schema: z.ZodType<Body>,
): { change: Omit<Body, 'expectedVersion'>; expected: Expectation } | ProblemAnswer => {
  const parsed = parseBody(request, schema);
  if (isProblem(parsed)) return parsed;
  const match = parseIfMatch(request);
  if (isProblem(match)) return match;
  const { expectedVersion, ...change } = parsed.body;
  return { change, expected: { expectedVersion, ifMatch: match.version } };
};
