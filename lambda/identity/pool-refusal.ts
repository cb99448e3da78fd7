/** `refused`: what was sent is wrong, or there is no such account. `limited`: too many requests at once. */
export type Refused = 'refused' | 'limited';

const limited = { TooManyRequestsException: 'limited' } as const;

/** A limit of one account is answered as a wrong code is: it would tell that there is such an account. */
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

const logIn = {
  CodeMismatchException: 'refused',
  ExpiredCodeException: 'refused', // a code counts once
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

/** A code that could not be mailed: whoever asked is answered as if it were on its way. */
const mail = { CodeDeliveryFailureException: 'refused', LimitExceededException: 'refused' } as const;

/** What the user pool refuses by which error, by what was asked of it. */
export const refusals = { code, logIn, mail, revoke, totp };

/** Runs a call of the user pool; the errors that it refuses with are values, any other is thrown. */
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
