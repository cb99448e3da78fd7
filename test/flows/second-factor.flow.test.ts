import { randomUUID } from 'node:crypto';
import { seedPassword, tokenOf } from '../../scripts/lib/people/accounts';
import { totpCodeOf } from '../../scripts/lib/people/second-factor';
import { call, eventually } from '../support/flow';
import { accounts, signedIn } from '../support/flow-people';

const json = (body: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const stepMs = 30_000;

/** A code counts once: the next try has the one after it, as a person would wait for. */
const afterCode = (used: string, secret: string) =>
  eventually('the app shows another code', async () => {
    const code = totpCodeOf(secret);
    return code === used ? undefined : code;
  });

test(
  'F-36 B-24 staff set up an authenticator app; from then on the password alone opens nothing',
  async () => {
    const { email, token } = await signedIn('default', 'staff', `totp-${randomUUID().slice(0, 8)}`);
    const credentials = { email, password: seedPassword };
    const begun = await call('POST', '/auth/totp', json(credentials));
    expect([begun.status, begun.body.uri]).toEqual([200, expect.stringContaining('otpauth://totp/default:')]);
    const secret: string = begun.body.secret;

    const right = totpCodeOf(secret);
    const wrong = right === '000000' ? '111111' : '000000';
    const refused = await call('POST', '/auth/totp/confirm', json({ ...credentials, code: wrong }));
    expect([refused.status, refused.body.title]).toEqual([400, 'InvalidCode']);
    expect((await call('POST', '/auth/log-in', json(credentials))).status).toBe(200); // it does not count yet

    const confirmed = await call('POST', '/auth/totp/confirm', json({ ...credentials, code: totpCodeOf(secret) }));
    expect(confirmed.status).toBe(204);

    for (const path of ['/auth/log-in', '/session', '/auth/totp']) {
      const alone = await call('POST', path, json(credentials));
      expect([path, alone.status, alone.body.title]).toEqual([path, 401, 'TotpCodeRequired']);
      const guessed = await call('POST', path, json({ ...credentials, totpCode: wrong }));
      expect([path, guessed.status, guessed.body.title]).toEqual([path, 401, 'InvalidCredentials']);
    }
    const code = await afterCode(right, secret);
    const answer = await call('POST', '/auth/log-in', json({ ...credentials, totpCode: code }));
    expect(answer.status).toBe(200);
    const headers = { authorization: `Bearer ${answer.body.idToken}` };
    const me = await call('GET', '/users/me', { headers });
    expect([me.status, typeof me.body.totpSince]).toEqual([200, 'string']);

    await eventually('the log-in from before is ended', async () => {
      const { status } = await call('GET', '/users/me', { headers: { authorization: `Bearer ${token}` } });
      return status === 401 || undefined;
    });
    const person = { tenant: 'default', email, role: 'staff' } as const;
    expect((await tokenOf(await accounts(), person, seedPassword)).split('.')).toHaveLength(3); // npm run token copes
    expect((await call('POST', '/auth/log-in', json(credentials))).status).toBe(401); // and takes nothing away
  },
  4 * stepMs,
);
