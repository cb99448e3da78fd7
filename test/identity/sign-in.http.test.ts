import type { Operation } from '../../lambda/contracts/api/routes';
import { LogInResponse } from '../../lambda/contracts/api/sign-in-api';
import type { Account, Refused } from '../../lambda/identity/sign-in/log-in';
import { mailCooldown } from '../../lambda/identity/sign-in/mail-cooldown';
import { type SignInDeps, signInRoutes } from '../../lambda/identity/sign-in/sign-in.http';
import { changeAccess, userEvent } from '../../lambda/identity/users/user';
import { userFromRow } from '../../lambda/identity/users/user-row';
import { guest } from '../../lambda/kernel/http/caller';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { call } from '../support/http';
import { at, eight, memoryUsers, shopA, shopB, userOf } from './people';

const password = 'Correct-horse-1';
const signIn = [
  'signUp',
  'confirmSignUp',
  'logIn',
  'setUpTotp',
  'confirmTotp',
  'refreshTokens',
  'forgotPassword',
  'resetPassword',
] as const;

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const idToken = (tenant: string | undefined, role = 'customer') => {
  const claims = {
    iss: 'https://pool',
    sub: 'hanako-1',
    iat: eight,
    email: 'hanako@example.com',
    email_verified: true,
  };
  return `${base64url({ alg: 'RS256' })}.${base64url({ ...claims, 'custom:tenant': tenant, 'cognito:groups': [role] })}.s`;
};

const loggedIn = (token: string, withTotp = false) => ({
  idToken: token,
  expiresIn: 3600,
  refreshToken: 'refresh-1',
  accessToken: 'access-1',
  withTotp,
});

type PoolAnswers = { readonly [Name in keyof SignInDeps['pool']]?: unknown };

/** A user pool that answers as it is told, and notes what it is asked. */
const setUp = (given: PoolAnswers & { totpRequired?: boolean } = {}, ...known: Parameters<typeof memoryUsers>) => {
  const { totpRequired = false, ...answers } = given;
  const asked: string[] = [];
  const completed: string[] = [];
  let account: { status: string; isComplete: boolean } | undefined;
  const name = ({ tenant, email }: Account) => `${tenant}/${email}`;
  const answer = (operation: keyof PoolAnswers, fallback: unknown) => async (given: Account | string) => {
    asked.push(`${operation} ${typeof given === 'string' ? given : name(given)}`);
    const value = answers[operation] ?? fallback;
    return typeof value === 'function' ? value(completed.length) : value;
  };
  const pool = {
    signUp: answer('signUp', 'new'),
    resendCode: answer('resendCode', {}),
    confirm: answer('confirm', {}),
    logIn: answer('logIn', loggedIn(idToken('shop-a'))),
    refresh: answer('refresh', { idToken: 'id-2', expiresIn: 3600 }),
    revoke: answer('revoke', {}),
    forgotPassword: answer('forgotPassword', {}),
    resetPassword: answer('resetPassword', {}),
  } as unknown as SignInDeps['pool'];
  const users = memoryUsers(...known);
  const directory = {
    completeSignUp: async (given: Account) => void completed.push(name(given)),
    completeSignUpWith: async (given: Account, secret: string) => void completed.push(`${name(given)} ${secret}`),
    find: async () => account && { userId: 'hanako-1', ...account },
    signOut: async (given: Account) => void asked.push(`signOut ${name(given)}`),
  };
  const totp = {
    begin: async (accessToken: string) => {
      asked.push(`begin ${accessToken}`);
      return { secret: 'JBSWY3DPEHPK3PXP' };
    },
    confirm: async (accessToken: string, code: string) => {
      asked.push(`verify ${accessToken} ${code}`);
      return code === '492039' ? ('confirmed' as const) : ('refused' as const);
    },
  };
  const clock = { ms: 0 };
  const started = new Map<string, number>();
  const cooldown = mailCooldown({
    start: async (bucket, ms, now) => {
      if ((started.get(bucket) ?? Number.NEGATIVE_INFINITY) > now - ms) return false;
      started.set(bucket, now);
      return true;
    },
    end: async (bucket) => void started.delete(bucket),
    now: () => clock.ms,
  });
  const times = { now: () => at(60).now, nextSecond: async () => void asked.push('nextSecond') };
  const routes = signInRoutes({ pool, directory, users, totp, totpRequired, cooldown, ...times });
  const send = (operation: (typeof signIn)[number], body: object, tenant = shopA, sourceIp?: string) =>
    call(routes[operation], {
      operation: operation as Operation,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      caller: guest(tenant),
      sourceIp,
    });
  const setAccount = (status: string, isComplete = true) => {
    account = { status, isComplete };
  };
  return { send, asked, completed, users, routes, clock, started, setAccount };
};

const email = 'Hanako@Example.com';

describe('S1-04 signing up', () => {
  test('answers that a code is on its way; nobody is a customer of the shop before the code is known', async () => {
    const { send, asked, completed } = setUp();
    const answer = await send('signUp', { email, password, displayName: '山田花子' });
    expect(answer.status).toBe(202);
    expect([asked, completed]).toEqual([['signUp shop-a/hanako@example.com'], []]);
  });

  test('P8 answers an address that has an account as one that has none, and changes nothing of it', async () => {
    const fresh = await setUp().send('signUp', { email, password });
    const other = setUp({ signUp: 'exists', resendCode: 'refused' });
    const taken = await other.send('signUp', { email, password });
    expect([taken.status, taken.body]).toEqual([fresh.status, fresh.body]);
    expect(other.completed).toEqual([]);
    expect(other.asked).toEqual(['signUp shop-a/hanako@example.com', 'resendCode shop-a/hanako@example.com']);
  });

  test('F-31 again before the address is confirmed mails the code again, and deletes nothing', async () => {
    const { send, asked } = setUp({ signUp: 'exists' });
    expect((await send('signUp', { email, password })).status).toBe(202);
    expect(asked).toEqual(['signUp shop-a/hanako@example.com', 'resendCode shop-a/hanako@example.com']);
  });

  test('S4-02 with the same address in two shops makes two accounts', async () => {
    const { send, asked } = setUp();
    await send('signUp', { email, password }, shopA);
    await send('signUp', { email, password }, shopB);
    expect(asked).toEqual(['signUp shop-a/hanako@example.com', 'signUp shop-b/hanako@example.com']);
  });

  test.each([
    'Short-1',
    'no-upper-case-1',
    'NO-LOWER-CASE-1',
    'No-digit-at-all',
    'NoSymbolAtAll1',
    'With blank -1A',
    'パスワード-Long-1',
    `A1-${'a'.repeat(130)}`,
  ])('refuses the password %p before the user pool sees it, whose refusal would tell who exists', async (weak) => {
    const { send, asked } = setUp();
    const { status, body } = await send('signUp', { email, password: weak });
    expect([status, body.title, asked]).toEqual([400, 'ValidationFailed', []]);
    expect(body.errors[0].pointer).toBe('/password');
    expect(JSON.stringify(body)).not.toContain(weak);
  });

  test.each([
    'Password123!',
    'Yamada20240401!',
    'Ohayougozaimasu1!',
    'Aishiteru123!',
    'Hokkaido1234!',
    'Kimetsunoyaiba1!',
    'P@ssw0rd1234',
    'Qwertyuiop1!',
    'Welcome2024!!',
    'Letmein12345!',
    'Summer2026!!!',
    'Iloveyou1234!',
    'Aa1!Aa1!Aa1!',
    'Abcdefgh123!',
    'Qwerty123456!',
    'Hanako12345!',
    'Sakura2026!!',
  ])('F-36 refuses %p, which is among the first that anybody tries, whenever a password is chosen', async (weak) => {
    const { send, asked } = setUp();
    for (const [operation, more] of [
      ['signUp', {}],
      ['resetPassword', { code: '123456' }],
    ] as const) {
      const { status, body } = await send(operation, { email, password: weak, ...more });
      expect([status, body.title, body.errors?.[0].pointer]).toEqual([400, 'ValidationFailed', '/password']);
    }
    expect(asked).toEqual([]);
  });

  test.each(['Correct-horse-1', 'xK9#mQ2$vL5p', 'Kore-wa-himitsu-9', 'My-shop-is-open1', 'Stranger-Password-1!'])(
    'F-36 takes %p',
    async (good) => expect((await setUp().send('signUp', { email, password: good })).status).toBe(202),
  );

  test.each([{ tenant: 'shop-b' }, { roles: ['platform-admin'] }, { 'custom:tenant': 'shop-b' }])(
    'S4-49 takes neither tenant nor role from the body: %j',
    async (more) => {
      const { send } = setUp();
      expect(await send('signUp', { email, password, ...more })).toMatchObject({ status: 400 });
    },
  );
});

describe('S1-05 auth: the login', () => {
  test('answers with the tokens, makes the user known, and notes the log-in', async () => {
    const { send, users } = setUp();
    const { status, body } = await send('logIn', { email, password });
    expect([status, LogInResponse.parse(body)]).toEqual([
      200,
      { tokenType: 'Bearer', idToken: idToken('shop-a'), refreshToken: 'refresh-1', expiresIn: 3600 },
    ]);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })).toMatchObject({
      version: 2,
      lastLoginAt: '2026-11-21T08:01:00.000Z',
      fact: { type: 'UserAuthenticated' },
    });
  });

  test('S2-39 is reported as done by whoever logged in, from its network', async () => {
    const { send, users } = setUp();
    await send('logIn', { email, password }, shopA, '203.0.113.77');
    const user = users.rows.get({ userId: 'shop-a#hanako-1' });
    expect(userEvent(userFromRow(user))).toMatchObject({
      type: 'UserAuthenticated.v2',
      actor: 'hanako-1',
      network: '203.0.113.0/24',
    });
  });

  test('S3-04 of a disabled user is answered as a wrong password', async () => {
    const decision = changeAccess(userOf(), { status: 'DISABLED' }, {}, at());
    const disabled = setUp({}, decision.accepted ? decision.fact : userOf());
    const wrong = setUp({ logIn: 'refused' satisfies Refused });
    const answers = [await disabled.send('logIn', { email, password }), await wrong.send('logIn', { email, password })];
    for (const { status, body } of answers)
      expect([status, body.title, body.detail]).toEqual([
        401,
        'InvalidCredentials',
        'The e-mail address, the password or the code is wrong, or the account is not confirmed or is disabled.',
      ]);
  });

  test('F-31 is refused for an account that no code has put into its shop, whoever knows its password', async () => {
    const logIn = loggedIn(idToken(undefined));
    const { send, completed, users } = setUp({ logIn });
    const { status, body } = await send('logIn', { email, password });
    expect([status, body.title, completed, users.rows.all().length]).toEqual([401, 'InvalidCredentials', [], 0]);
  });

  test('P8 with a token of another tenant than the shop is refused', async () => {
    const logIn = loggedIn(idToken('shop-b'));
    const { send, users } = setUp({ logIn });
    expect((await send('logIn', { email, password })).status).toBe(401);
    expect(users.rows.all()).toEqual([]);
  });
});

describe('F-36 B-24 the second factor', () => {
  const staff = idToken('shop-a', 'staff');
  const staffLogIn = { logIn: loggedIn(staff), totpRequired: true };
  const withCode = { logIn: loggedIn(staff, true), totpRequired: true };

  test.each(['staff', 'tenant-admin', 'platform-admin'])(
    'where it is required, the password alone gives a %s no token, but says what to do',
    async (role) => {
      const { send, asked } = setUp({ logIn: loggedIn(idToken('shop-a', role)), totpRequired: true });
      const { status, body } = await send('logIn', { email, password });
      expect([status, body.title]).toEqual([403, 'TotpSetupRequired']);
      expect(JSON.stringify(body)).not.toContain('refresh-1');
      expect(asked).toContain('revoke refresh-1');
    },
  );

  test.each([
    ['a customer where it is required', { logIn: loggedIn(idToken('shop-a')), totpRequired: true }],
    ['staff where it is not', { logIn: loggedIn(staff) }],
    ['staff with a code', withCode],
  ])('lets in %s', async (_who, answers) => {
    const { status, body } = await setUp(answers).send('logIn', { email, password, totpCode: '492039' });
    expect([status, Object.keys(LogInResponse.parse(body))]).toEqual([
      200,
      ['tokenType', 'idToken', 'expiresIn', 'refreshToken'],
    ]);
    expect(body).not.toHaveProperty('accessToken');
    expect(body).not.toHaveProperty('withTotp');
  });

  test('asks for the code where an authenticator app is set up, and takes a wrong one for a wrong password', async () => {
    const asks = await setUp({ logIn: 'code-required' }).send('logIn', { email, password });
    expect([asks.status, asks.body.title]).toEqual([401, 'TotpCodeRequired']);
    const wrong = await setUp({ logIn: 'refused' }).send('logIn', { email, password, totpCode: '000000' });
    expect([wrong.status, wrong.body.title]).toEqual([401, 'InvalidCredentials']);
  });

  test.each(['12345', '1234567', 'abcdef', ''])(
    'the code %p is refused with the field and the rule',
    async (totpCode) => {
      const { status, body } = await setUp().send('logIn', { email, password, totpCode });
      expect([status, body.errors]).toEqual([
        400,
        [{ pointer: '/totpCode', detail: 'must be the 6 digits that the authenticator app shows' }],
      ]);
    },
  );

  test('is set up with a secret that an app reads, and leaves nobody logged in', async () => {
    const { send, asked } = setUp(staffLogIn);
    const { status, body } = await send('setUpTotp', { email, password });
    expect([status, body]).toEqual([
      200,
      {
        secret: 'JBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/shop-a:hanako%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=shop-a',
      },
    ]);
    expect(asked).toEqual(['logIn shop-a/hanako@example.com', 'begin access-1', 'revoke refresh-1']);
  });

  test.each(['setUpTotp', 'confirmTotp'] as const)(
    '%s needs the code of the app before, and a right password',
    async (route) => {
      const body = { email, password, ...(route === 'confirmTotp' ? { code: '492039' } : {}) };
      const second = await setUp({ logIn: 'code-required' }).send(route, body);
      const wrong = await setUp({ logIn: 'refused' }).send(route, body);
      expect([second.body.title, wrong.body.title]).toEqual(['TotpCodeRequired', 'InvalidCredentials']);
    },
  );

  test('counts once a code of it was right: log-ins from before are ended, and the user has it', async () => {
    const { send, asked, users } = setUp(staffLogIn);
    expect((await send('confirmTotp', { email, password, code: '492039' })).status).toBe(204);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })).toMatchObject({
      totpSince: '2026-11-21T08:01:00.000Z',
      tokensNotBefore: eight + 60,
      fact: { type: 'TotpConfirmed' },
    });
    expect(asked).toContain('signOut shop-a/hanako@example.com');
    expect(asked).toContain('nextSecond'); // the next log-in is told apart from those that are ended
  });

  test('does not count with a wrong code', async () => {
    const { send, users } = setUp(staffLogIn, userOf());
    const { status, body } = await send('confirmTotp', { email, password, code: '111111' });
    expect([status, body.title]).toEqual([400, 'InvalidCode']);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })?.totpSince).toBeUndefined();
  });
});

describe('the other steps', () => {
  test.each([
    ['confirmSignUp', { email, code: '123456', password }, 204, undefined],
    ['refreshTokens', { refreshToken: 'refresh-1' }, 200, { tokenType: 'Bearer', idToken: 'id-2', expiresIn: 3600 }],
    ['resetPassword', { email, code: '123456', password }, 204, undefined],
  ] as const)('S3-05 %s %j is answered %d', async (operation, body, status, answered) => {
    expect(await setUp().send(operation, body)).toMatchObject({ status, body: answered });
  });

  test.each([
    ['confirmSignUp', { email, code: '123456', password }, { confirm: 'refused' }, 400, 'InvalidCode'],
    ['refreshTokens', { refreshToken: 'refresh-1' }, { refresh: 'refused' }, 401, 'InvalidCredentials'],
    ['resetPassword', { email, code: '123456', password }, { resetPassword: 'refused' }, 400, 'InvalidCode'],
    ['logIn', { email, password }, { logIn: 'limited' }, 429, 'TooManyRequests'],
    ['signUp', { email, password }, { signUp: 'limited' }, 429, 'TooManyRequests'],
  ] as const)('%s %j is refused when the user pool says %j: %d %s', async (operation, body, answers, status, title) => {
    expect(await setUp(answers).send(operation, body)).toMatchObject({ status, body: { title } });
  });

  test('P8 asking for a new password is answered the same for an unknown address', async () => {
    const known = await setUp().send('forgotPassword', { email });
    const unknown = await setUp({ forgotPassword: 'refused' }).send('forgotPassword', { email });
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    expect(known.status).toBe(202);
  });

  test('a new password ends every log-in', async () => {
    const { send, asked, users, setAccount } = setUp({}, userOf());
    setAccount('CONFIRMED');
    await send('resetPassword', { email, code: '123456', password });
    expect(asked).toContain('signOut shop-a/hanako@example.com');
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })?.tokensNotBefore).toBe(eight + 60);
    expect(asked.at(-1)).toBe('nextSecond');
  });

  test('P8 F-31 the code makes the password that comes with it the account’s, not that of a stranger who signed up', async () => {
    const { send, asked, completed } = setUp({ logIn: 'refused' });
    expect((await send('confirmSignUp', { email, code: '123456', password })).status).toBe(204);
    expect(asked).toEqual(['confirm', 'logIn'].map((what) => `${what} shop-a/hanako@example.com`));
    expect(completed).toEqual(['shop-a/hanako@example.com Correct-horse-1']);
  });

  test('F-31 a user pool that is too busy to log in loses nobody an account', async () => {
    const { send, completed } = setUp({ logIn: 'limited' });
    expect((await send('confirmSignUp', { email, code: '123456', password })).status).toBe(204);
    expect(completed).toEqual(['shop-a/hanako@example.com Correct-horse-1']);
  });

  test('F-38 a wrong code puts nobody into a shop, and sets no password', async () => {
    const { send, asked, completed } = setUp({ confirm: 'refused', resetPassword: 'refused' });
    const answers = [
      await send('confirmSignUp', { email, code: '000000', password }),
      await send('resetPassword', { email, code: '000000', password }),
    ];
    expect(answers.map(({ status, body }) => [status, body.title])).toEqual([
      [400, 'InvalidCode'],
      [400, 'InvalidCode'],
    ]);
    expect([completed, asked]).toEqual([
      [],
      ['confirm shop-a/hanako@example.com', 'resetPassword shop-a/hanako@example.com'],
    ]);
  });

  test('F-31 a new password puts an account into its shop whose confirmation was cut short', async () => {
    const { send, completed, setAccount } = setUp();
    setAccount('CONFIRMED', false);
    expect((await send('resetPassword', { email, code: '123456', password })).status).toBe(204);
    expect(completed).toEqual(['shop-a/hanako@example.com']);
    setAccount('CONFIRMED', true);
    await send('resetPassword', { email, code: '123456', password });
    expect(completed).toHaveLength(1);
  });

  test('confirming leaves nobody logged in', async () => {
    const { send, asked } = setUp();
    await send('confirmSignUp', { email, code: '123456', password });
    expect(asked.at(-1)).toBe('revoke refresh-1');
    expect((await send('confirmSignUp', { email, code: '123456' })).status).toBe(400);
  });

  test.each(['2026-11-21T03:00:00.000Z', '5b1f9c8e-1f6b-4d8f-9a1c-3d2e1f0a9b8c', 'x'])(
    'F-31 a sign-up is confirmed with no password that the user pool would not take: %p',
    async (given) => {
      const { send, asked } = setUp({ logIn: 'refused' });
      const { status, body } = await send('confirmSignUp', { email, code: '123456', password: given });
      expect([status, body.errors[0].pointer, asked]).toEqual([400, '/password', []]);
    },
  );

  test.each(['12345', '1234567', 'abcdef', '', 123456])('the code %p is no code', async (code) => {
    const { send, asked } = setUp();
    expect((await send('confirmSignUp', { email, code, password })).status).toBe(400);
    expect(asked).toEqual([]);
  });
});

describe('F-32 mails to one address', () => {
  const mails = (asked: readonly string[]) => asked.filter((what) => /^(signUp|resendCode|forgotPassword)/.test(what));

  test('of forty sign-ups at once are one, and each is answered 202', async () => {
    const { send, asked } = setUp();
    const answers = await Promise.all(Array.from({ length: 40 }, () => send('signUp', { email, password })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(mails(asked)).toHaveLength(1);
  });

  test('of forty resets at once are one, and each is answered 202', async () => {
    const { send, asked } = setUp();
    const answers = await Promise.all(Array.from({ length: 40 }, () => send('forgotPassword', { email })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(mails(asked)).toHaveLength(1);
  });

  test('are one a minute, however the address is written', async () => {
    const { send, asked, clock } = setUp({ signUp: 'exists' });
    for (const written of ['hanako@example.com', 'HANAKO@example.com', 'Hanako@Example.com'])
      await send('signUp', { email: written, password });
    expect(asked.filter((what) => what.startsWith('resendCode'))).toHaveLength(1);
    clock.ms = 59_999;
    await send('signUp', { email, password });
    expect(asked.filter((what) => what.startsWith('resendCode'))).toHaveLength(1);
    clock.ms = 60_000;
    await send('signUp', { email, password });
    expect(asked.filter((what) => what.startsWith('resendCode'))).toHaveLength(2);
  });

  test('of other addresses are not held up', async () => {
    const { send, asked } = setUp();
    for (let n = 0; n < 5; n += 1) await send('signUp', { email: `somebody-${n}@example.com`, password });
    expect(mails(asked)).toHaveLength(5);
  });

  test('of many shops are five a minute', async () => {
    const { send, asked } = setUp();
    for (let n = 0; n < 20; n += 1) await send('forgotPassword', { email }, trustedTenant(`shop-${n}`));
    expect(mails(asked)).toHaveLength(5);
  });

  test.each([
    ['confirmSignUp', 'signUp'],
    ['resetPassword', 'forgotPassword'],
  ] as const)('may go on at once when %s has used the code of the last one', async (use, ask) => {
    const { send, asked } = setUp();
    await send(ask, ask === 'signUp' ? { email, password } : { email });
    await send(use, { email, code: '123456', password });
    await send(ask, ask === 'signUp' ? { email, password } : { email });
    expect(mails(asked)).toHaveLength(2);
  });

  test('a wrong code lets nothing go on', async () => {
    const { send, asked } = setUp({ resetPassword: 'refused' });
    await send('forgotPassword', { email });
    await send('resetPassword', { email, code: '000000', password });
    await send('forgotPassword', { email });
    expect(mails(asked)).toHaveLength(1);
  });

  test('that the user pool was too busy for do not count', async () => {
    const outcomes = ['limited', 'new'];
    const { send } = setUp({ signUp: () => outcomes.shift() });
    const statuses = [await send('signUp', { email, password }), await send('signUp', { email, password })];
    expect([statuses.map(({ status }) => status), outcomes]).toEqual([[429, 202], []]);
  });

  test('P14 name no address where they are counted', async () => {
    const { send, started } = setUp();
    await send('signUp', { email, password });
    expect([...started.keys()].join()).not.toMatch(/hanako/i);
    expect(started.size).toBe(2);
  });
});

describe('logging out', () => {
  const caller = { tenant: shopA, userId: 'hanako-1', roles: ['customer'], sessionId: 'session-1' };

  test('S3-05 ends the log-in that the token comes from, and takes the refresh token away', async () => {
    const { routes, users, asked } = setUp({}, userOf());
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ refreshToken: 'refresh-1' });
    expect((await call(routes.logOut, { operation: 'logOut', caller, body, headers })).status).toBe(204);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })?.endedSessions).toEqual(['session-1']);
    expect(asked).toEqual(['revoke refresh-1']);
  });

  test('needs no body', async () => {
    const { routes, users } = setUp({}, userOf());
    expect((await call(routes.logOut, { operation: 'logOut', caller })).status).toBe(204);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })?.endedSessions).toEqual(['session-1']);
  });
});

test.each(signIn)('where another provider keeps the accounts there is no %s', async (operation) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await call(signInRoutes(undefined)[operation], { operation, body: '{}', headers });
  expect([answer.status, answer.body.title]).toEqual([404, 'NotFound']);
});
