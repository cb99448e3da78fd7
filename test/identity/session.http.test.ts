import { SessionView } from '../../lambda/contracts/api/session-api';
import { SessionStoreError } from '../../lambda/identity/sessions/session.store';
import { clearedCookie, cookieOf, openBrowsers, tokenOf, user } from './browser';
import { shopB } from './people';

const hour = 3600;

describe('S2-31 logging in from a browser', () => {
  test('answers with who it is and a cookie, and no token', async () => {
    const { logIn, noted, rows } = openBrowsers();
    const { answer } = await logIn();
    expect(answer.status).toBe(201);
    expect(SessionView.parse(answer.body)).toEqual({
      user: { userId: 'hanako-1', tenantId: 'shop-a', email: 'hanako@example.com', roles: ['customer'] },
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: '2026-11-28T08:00:00.000Z',
    });
    expect(noted.authorized).toEqual([`Bearer ${tokenOf('first')}`]); // verified, though the pool has just given it
    expect(JSON.stringify([answer, ...rows.all()])).not.toContain('eyJ');
    expect(JSON.stringify(rows.all())).not.toContain('refresh-1');
  });

  test('with an ID token of another identity provider: it is verified, and the session ends with it', async () => {
    const { ask, noted } = openBrowsers();
    const answer = await ask('createSession', { body: { idToken: tokenOf('firebase') } });
    expect(answer.status).toBe(201);
    expect(answer.body.expiresAt).toBe('2026-11-21T09:00:00.000Z');
    expect(noted.authorized).toEqual([`Bearer ${tokenOf('firebase')}`]);
  });

  test.each([
    ['a wrong password', { email: 'hanako@example.com', password: 'wrong' }, {}],
    ['a token that is good for nothing', { idToken: tokenOf('old') }, { authorize: async () => undefined }],
    [
      'a token that names nobody',
      { idToken: tokenOf('old') },
      { authorize: async () => ({ ...user, userId: undefined }) },
    ],
  ])('%s opens no session', async (_what, body, given) => {
    const { ask, rows } = openBrowsers(given);
    const answer = await ask('createSession', { body });
    expect([answer.status, answer.body.title, rows.all().length]).toEqual([401, 'InvalidCredentials', 0]);
    expect(cookieOf(answer)).toBeUndefined();
  });

  test.each([
    ['nothing', {}],
    ['a password alone', { password: 'x' }],
    ['an address alone', { email: 'hanako@example.com' }],
    ['both ways', { email: 'hanako@example.com', password: 'x', idToken: 'y' }],
    ['a tenant', { email: 'hanako@example.com', password: 'x', tenant: 'shop-b' }],
  ])('%s is refused', async (_what, body) => {
    const { status } = await openBrowsers().ask('createSession', { body });
    expect(status).toBe(400);
  });

  test('a form of another site cannot log anybody in: it sends no JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    const { status } = await openBrowsers().ask('createSession', { body: { idToken: tokenOf('a') }, headers });
    expect(status).toBe(415);
  });

  test('S2-31 without accounts of its own, the system takes tokens alone', async () => {
    const { ask } = openBrowsers({ accounts: undefined, pool: undefined });
    const answer = await ask('createSession', { body: { email: 'hanako@example.com', password: 'x' } });
    expect([answer.status, answer.body.title]).toEqual([404, 'NotFound']);
    expect((await ask('createSession', { body: { idToken: tokenOf('a') } })).status).toBe(201);
  });
});

describe('S2-33 the cookie', () => {
  test('is for no script, for encrypted connections alone, and not for other sites', async () => {
    const { answer } = await openBrowsers().logIn();
    expect(answer.headers['set-cookie']).toMatch(
      /^sid=[\w-]{22}\.[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('is a new one at each log-in, and the session before it ends: nobody can have planted it', async () => {
    const { logIn, ask, noted } = openBrowsers();
    const planted = await logIn();
    const own = await logIn({ cookie: planted.cookie });
    expect(own.cookie).not.toBe(planted.cookie);
    expect((await ask('getSession', { cookie: planted.cookie })).status).toBe(401);
    expect((await ask('getSession', { cookie: own.cookie })).status).toBe(200);
    expect(noted.revoked).toEqual(['refresh-1']);
  });

  test('is never one that a browser made up', async () => {
    const { logIn } = openBrowsers();
    const made = `sid=${'a'.repeat(22)}.${'b'.repeat(43)}`;
    expect((await logIn({ cookie: made })).cookie).not.toBe(made);
  });

  test('changes every hour; requests that were on their way with the one before still pass', async () => {
    const { logIn, ask, pass } = openBrowsers();
    const { cookie, csrf } = await logIn();
    pass(hour - 1);
    expect(cookieOf(await ask('getSession', { cookie }))).toBeUndefined();
    pass(1);
    const changed = await ask('getSession', { cookie });
    const next = cookieOf(changed);
    expect(next).toMatch(/^sid=/);
    expect(next).not.toBe(cookie);
    expect(changed.body.csrfToken).toBe(csrf);
    pass(30);
    const late = await ask('getSession', { cookie });
    expect([late.status, cookieOf(late)]).toEqual([200, undefined]);
    expect((await ask('getSession', { cookie: next })).status).toBe(200);
  });

  test.each([
    ['a fault', new Error('no keys'), 500, 'InternalError'],
    ['the store', new SessionStoreError('fails', { cause: new Error('timeout') }), 503, 'SessionStoreUnavailable'],
  ])('is returned as it was changed, to no cache, although %s kept the session from being read', async (...what) => {
    const [, error, status, title] = what;
    const { logIn, ask, pass, deps } = openBrowsers();
    const { cookie } = await logIn();
    const { authorize } = deps;
    pass(hour);
    Object.assign(deps, {
      authorize: async () => {
        throw error;
      },
    });
    const answer = await ask('getSession', { cookie });
    expect([answer.status, answer.body.title, answer.headers['cache-control']]).toEqual([status, title, 'no-store']);
    const next = cookieOf(answer);
    expect(next).not.toBe(cookie);
    Object.assign(deps, { authorize });
    pass(31);
    expect((await ask('getSession', { cookie: next })).status).toBe(200);
  });

  test('that comes again after it was changed was stolen: the session ends for both', async () => {
    const { logIn, ask, pass, noted, rows } = openBrowsers();
    const { cookie } = await logIn();
    pass(hour);
    const next = cookieOf(await ask('getSession', { cookie }));
    pass(31);
    const replayed = await ask('getSession', { cookie });
    expect([replayed.status, replayed.headers['set-cookie']]).toEqual([401, clearedCookie]);
    expect((await ask('getSession', { cookie: next })).status).toBe(401);
    expect([rows.all().length, noted.revoked]).toEqual([0, ['refresh-1']]);
  });

  test('with the right name and a wrong secret opens nothing', async () => {
    const { logIn, ask } = openBrowsers();
    const { cookie } = await logIn();
    const guessed = `${cookie.slice(0, cookie.indexOf('.'))}.${'A'.repeat(43)}`;
    expect((await ask('getSession', { cookie: guessed })).status).toBe(401);
  });

  test('two of the name are good for nothing: another host of the domain may have set one', async () => {
    const { logIn, ask } = openBrowsers();
    const [own, tossed] = [await logIn(), await logIn()];
    for (const both of [`${own.cookie}; ${tossed.cookie}`, `${own.cookie}, ${tossed.cookie}`])
      expect((await ask('getSession', { cookie: both })).body.title).toBe('SessionRequired');
    expect((await ask('getSession', { cookie: `theme=dark; ${own.cookie}; sidebar=1` })).status).toBe(200);
  });
});

describe('S2-32 the session', () => {
  test('ends a day after it was last used, and after a week however much it is', async () => {
    const idle = openBrowsers();
    const { cookie } = await idle.logIn();
    idle.pass(24 * hour);
    expect((await idle.ask('getSession', { cookie })).status).toBe(401);
    expect(idle.rows.all().length).toBe(0);

    const busy = openBrowsers();
    let next = (await busy.logIn()).cookie;
    const statuses = new Set<number>();
    for (let passed = 0; passed < 14 * 12; passed += 12) {
      statuses.clear();
      busy.pass(12 * hour);
      const answer = await busy.ask('getSession', { cookie: next });
      statuses.add(answer.status);
      next = cookieOf(answer) ?? next;
    }
    expect([...statuses]).toEqual([401]);
  });

  test('renews its token before it ends, and is described by the new one', async () => {
    const { logIn, ask, noted, pass } = openBrowsers();
    const { cookie } = await logIn();
    pass(hour - 61);
    await ask('getSession', { cookie });
    expect(noted.refreshed).toBe(0);
    pass(2);
    await ask('getSession', { cookie });
    await ask('getSession', { cookie });
    expect(noted.refreshed).toBe(1);
    expect(noted.authorized.at(-1)).toBe(`Bearer ${tokenOf('again 1')}`);
  });

  test('S3-05 ends when its token is renewed no more, or its user is not let in any more', async () => {
    const over = openBrowsers();
    over.deps.pool !== undefined && Object.assign(over.deps.pool, { refresh: async () => 'refused' });
    const { cookie } = await over.logIn();
    over.pass(hour - 10);
    expect((await over.ask('getSession', { cookie })).status).toBe(401);
    expect(over.rows.all().length).toBe(0);

    let known = true;
    const disabled = openBrowsers({ authorize: async () => (known ? user : undefined) });
    const before = await disabled.logIn();
    known = false;
    const answer = await disabled.ask('getSession', { cookie: before.cookie });
    expect([answer.status, answer.headers['set-cookie'], disabled.rows.all().length]).toEqual([401, clearedCookie, 0]);
  });

  test('waits a moment when its token cannot be renewed just now', async () => {
    const { logIn, ask, pass, deps, rows } = openBrowsers();
    const { cookie } = await logIn();
    Object.assign(deps.pool ?? {}, { refresh: async () => 'limited' });
    pass(hour - 10);
    const answer = await ask('getSession', { cookie });
    expect([answer.status, answer.headers['retry-after'], rows.all().length]).toEqual([429, '1', 1]);
  });

  test('several requests at once renew it once, and all are answered', async () => {
    const { logIn, ask, pass, rows } = openBrowsers();
    const { cookie } = await logIn();
    pass(hour);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask('getSession', { cookie })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.filter((answer) => cookieOf(answer) !== undefined)).toHaveLength(1);
    expect(rows.all().map(({ version }) => version)).toEqual([2]);
  });

  test('P8 its encrypted tokens are worth nothing in another session, or when they were changed', async () => {
    const { logIn, ask, rows } = openBrowsers();
    const [one, other] = [await logIn(), await logIn()];
    const [first, second] = rows.all();
    if (first === undefined || second === undefined) throw new Error('no sessions');
    rows.put({ ...first, sealed: second.sealed });
    rows.put({ ...second, sealed: `${String(second.sealed).slice(0, -4)}AAAA` });
    expect((await ask('getSession', { cookie: one.cookie })).status).toBe(401);
    expect((await ask('getSession', { cookie: other.cookie })).status).toBe(401);
  });

  test('none is asked for without a cookie', async () => {
    const answer = await openBrowsers().ask('getSession');
    expect([answer.status, answer.body.title]).toEqual([401, 'SessionRequired']);
  });
});

describe('S2-31 logging out from a browser', () => {
  test('ends the session, its token, and the log-in that they come from', async () => {
    const { logIn, ask, noted, rows, users } = openBrowsers();
    const { cookie, csrf } = await logIn();
    const answer = await ask('deleteSession', { cookie, csrf });
    expect([answer.status, answer.headers['set-cookie'], rows.all().length]).toEqual([204, clearedCookie, 0]);
    expect(noted.revoked).toEqual(['refresh-1']);
    expect(users.rows.all()[0]).toMatchObject({ endedSessions: ['login-1'], fact: { actor: 'hanako-1' } });
    expect((await ask('getSession', { cookie })).status).toBe(401);
  });

  test('needs the token of the page', async () => {
    const { logIn, ask, rows } = openBrowsers();
    const { cookie } = await logIn();
    const stranger = await logIn();
    for (const csrf of [undefined, '', 'x', stranger.csrf]) {
      const answer = await ask('deleteSession', { cookie, csrf });
      expect([answer.status, answer.body.title]).toEqual([403, 'CsrfTokenInvalid']);
    }
    expect(rows.all().length).toBe(2);
  });

  test('ends the session of the page though another cookie of the name came with it, and that one not', async () => {
    const { logIn, ask } = openBrowsers();
    const [own, tossed] = [await logIn(), await logIn()];
    const both = `${tossed.cookie}; ${own.cookie}`;
    expect((await ask('deleteSession', { cookie: both, csrf: own.csrf })).status).toBe(204);
    expect((await ask('getSession', { cookie: own.cookie })).status).toBe(401);
    expect((await ask('getSession', { cookie: tossed.cookie })).status).toBe(200);
  });

  test('looks at five cookies of the name at most', async () => {
    const { logIn, ask } = openBrowsers();
    const tossed = [await logIn(), await logIn(), await logIn(), await logIn(), await logIn()];
    const own = await logIn();
    const all = [...tossed, own].map(({ cookie }) => cookie).join('; ');
    expect((await ask('deleteSession', { cookie: all, csrf: own.csrf })).status).toBe(403);
  });

  test('without a session takes the cookie away, and nothing else happens', async () => {
    const answer = await openBrowsers().ask('deleteSession', { cookie: 'sid=gone' });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([204, clearedCookie]);
  });

  test('P8 users of another tenant are not touched', async () => {
    const asked: string[] = [];
    const { logIn, ask, deps, users } = openBrowsers();
    const usersOf = (tenant: string) => {
      asked.push(tenant);
      return users;
    };
    Object.assign(deps, { usersOf });
    const { cookie, csrf } = await logIn();
    await ask('deleteSession', { cookie, csrf });
    expect(new Set(asked)).toEqual(new Set(['shop-a']));
    expect(asked).not.toContain(shopB);
  });
});

describe('S2-34 a store that fails', () => {
  const failing = async () => {
    throw new SessionStoreError('the sessions cannot be read or written', { cause: new Error('ECONNREFUSED') });
  };

  test.each([
    ['get', 'getSession'],
    ['get', 'deleteSession'],
    ['save', 'createSession'],
  ] as const)('in %s makes %s answer 503, and takes no cookie away', async (call, operation) => {
    const { logIn, ask, deps } = openBrowsers();
    const { cookie, csrf } = await logIn();
    Object.assign(deps.sessions, { [call]: failing });
    const body = { idToken: tokenOf('next') };
    const answer = await ask(operation, { cookie, csrf, ...(operation === 'createSession' ? { body } : {}) });
    expect([answer.status, answer.body.title]).toEqual([503, 'SessionStoreUnavailable']);
    expect(cookieOf(answer)).toBeUndefined();
  });
});
