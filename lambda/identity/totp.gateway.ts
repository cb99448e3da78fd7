import { attempt, refusals } from './pool-refusal';
import type { UserPool } from './user-pool.gateway';

const on = { Enabled: true, PreferredMfa: true };

/** Sets up the authenticator apps of accounts. `accessToken` is of a log-in that has just been made. */
export const totpPool = ({ pool }: UserPool) => ({
  /** Returns a new secret in base 32. The one before counts until a code of the new one is seen. */
  begin: (accessToken: string) =>
    attempt(async () => {
      const { SecretCode } = await pool('AssociateSoftwareToken', { AccessToken: accessToken });
      if (SecretCode === undefined) throw new Error('the user pool gave no secret for an authenticator app');
      return { secret: SecretCode };
    }, refusals.totp),

  /** Makes each log-in ask for a code from now on, once `code` is one of the new secret. */
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
