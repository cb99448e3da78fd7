import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { createClient } from '../../../clients/order-system';
import { CommandError } from '../command';
import { printError } from '../terminal';
import type { Person } from './accounts';

const stepMs = 30_000;

/** Where and as whom a script logs in by the API. `totpSecret` is in base 32, as the set-up gives it. */
export type LogInByApi = {
  readonly apiUrl: string;
  readonly person: Person;
  readonly password: string;
  readonly storefrontKey?: string | undefined;
  readonly totpCode?: string | undefined;
  readonly totpSecret?: string | undefined;
  readonly fetch?: typeof fetch;
};

/** Returns the six digits that an authenticator app with this secret shows at a moment. Throws when it is not base 32. */
export const totpCodeOf = (secret: string, now = Date.now()): string => {
  try {
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now });
  } catch (error) {
    throw new CommandError('TOTP_SECRET: must be base 32, such as JBSWY3DPEHPK3PXP', { cause: error });
  }
};

const clientOf = ({ apiUrl, storefrontKey, ...given }: LogInByApi) =>
  createClient({
    baseUrl: apiUrl,
    ...(storefrontKey === undefined ? {} : { storefrontKey }),
    ...(given.fetch === undefined ? {} : { fetch: given.fetch }),
  });

const failed = (what: string, { status, body }: { status: number; body: unknown }) =>
  new CommandError(`${what}: ${status} ${JSON.stringify(body)}`);

const ask = (given: LogInByApi, totpCode: string | undefined) => {
  const { person, password } = given;
  return clientOf(given).logIn({
    body: { email: person.email, password, ...(totpCode === undefined ? {} : { totpCode }) },
  });
};

/** Sets up an authenticator app for an account that must have one, and tells whoever runs the script its secret. */
const setUp = async (given: LogInByApi): Promise<string> => {
  const { email } = given.person;
  const credentials = { email, password: given.password };
  const begun = await clientOf(given).setUpTotp({ body: credentials });
  if (begun.status !== 200) throw failed('POST /auth/totp', begun);
  const { secret, uri } = begun.body;
  const confirmed = await clientOf(given).confirmTotp({ body: { ...credentials, code: totpCodeOf(secret) } });
  if (confirmed.status !== 204) throw failed('POST /auth/totp/confirm', confirmed);
  printError(`${email} has an authenticator app from now on. Keep its secret, it is shown once: ${secret}`);
  printError(`As a QR code: ${uri}`);
  printError('Waiting for the next code, since each counts once …');
  await sleep(stepMs - (Date.now() % stepMs) + 500);
  return secret;
};

/**
 * Logs in by the API and returns the ID token; where the account must have an authenticator app and has none, one is set
 * up first. Throws an error that says what to give when a code is missing.
 */
export const tokenByApi = async (given: LogInByApi): Promise<string> => {
  const { totpSecret, totpCode = totpSecret && totpCodeOf(totpSecret) } = given;
  const first = await ask(given, totpCode);
  const needsSetUp = first.status === 403 && first.body.title === 'TotpSetupRequired';
  const answer = needsSetUp ? await ask(given, totpCodeOf(await setUp(given))) : first;
  if (answer.status === 200) return answer.body.idToken;
  if (answer.body.title === 'TotpCodeRequired')
    throw new CommandError(
      `${given.person.email} has an authenticator app: give its code as TOTP_CODE=123456, or its secret as TOTP_SECRET=…`,
    );
  throw failed('POST /auth/log-in', answer);
};
