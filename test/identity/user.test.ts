import { UserAccessChanged, UserAuthenticated, UserProfileCreated } from '../../lambda/contracts/events/user-events';
import { unsealed } from '../../lambda/contracts/values/sealed';
import {
  changeAccess,
  changeProfile,
  confirmTotp,
  endAllSessions,
  endSession,
  isTokenValid,
  logIn,
  newUser,
  type User,
  userEvent,
} from '../../lambda/identity/users/user';
import { userFromRow, userRow } from '../../lambda/identity/users/user-row';
import { userView } from '../../lambda/identity/users/users.http';
import { at, eight, hanako, storedUser, userOf } from './people';

const taken = (decision: { accepted: boolean; fact?: User }): User => {
  if (decision.fact === undefined) throw new Error('refused');
  return decision.fact;
};
const token = { sessionId: 'session-1', issuedAt: eight };

describe('S3-01 a user', () => {
  test('S3-04 S3-06 is active from the start, known by the ID of its provider, with address and roles', () => {
    expect(userView(newUser(hanako, at()))).toEqual({
      userId: 'hanako-1',
      tenantId: 'shop-a',
      email: 'hanako@example.com',
      emailVerified: true,
      status: 'ACTIVE',
      userRoles: [{ role: 'customer', assignedAt: '2026-11-21T08:00:00.000Z' }],
      displayName: '山田花子',
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:00.000Z',
      version: 1,
    });
  });

  test('S4-03 is one row, whose key starts with the tenant', () => {
    const user = userOf();
    const stored = storedUser(user);
    expect(userRow(stored)).toMatchObject({ userId: 'shop-a#hanako-1', tenant: 'shop-a', version: 1 });
    expect(userFromRow(JSON.parse(JSON.stringify(userRow(stored))))).toEqual(JSON.parse(JSON.stringify(stored)));
  });

  test('S3-03 keeps the time at which each role was given', () => {
    const later = taken(changeAccess(userOf(), { roles: ['customer', 'staff'] }, {}, at(60)));
    expect(later.roles).toEqual({ customer: '2026-11-21T08:00:00.000Z', staff: '2026-11-21T08:01:00.000Z' });
  });
});

describe('S1-05 auth: the login', () => {
  test('S3-01 notes when, and what the directory knows by now', () => {
    const later = taken(
      logIn(userOf({ emailVerified: false }), { ...hanako, roles: ['staff'], withTotp: false }, at(60)),
    );
    expect(later).toMatchObject({
      lastLoginAt: '2026-11-21T08:01:00.000Z',
      emailVerified: true,
      roles: { staff: '2026-11-21T08:01:00.000Z' },
      version: 2,
    });
  });

  test.each(['DISABLED', 'DELETED'] as const)('S3-04 is refused for a user who is %s', (status) => {
    const user = taken(changeAccess(userOf(), { status }, {}, at()));
    expect(logIn(user, { ...hanako, withTotp: false }, at(60))).toEqual({ accepted: false, reason: 'not-active' });
  });
});

describe('a token of a user', () => {
  test('S1-06 is good while the user is active', () => expect(isTokenValid(userOf(), token)).toBe(true));

  test.each(['DISABLED', 'DELETED'] as const)('S3-04 is good for nothing when the user is %s', (status) => {
    const user = taken(changeAccess(userOf(), { status }, {}, at()));
    expect(isTokenValid(user, { ...token, issuedAt: eight + 3600 })).toBe(false);
  });

  test('S3-05 is good for nothing when its log-in was ended, and another one goes on', () => {
    const user = endSession(userOf(), 'session-1', at());
    expect(isTokenValid(user, token)).toBe(false);
    expect(isTokenValid(user, { ...token, sessionId: 'session-2' })).toBe(true);
    expect(isTokenValid(user, { ...token, sessionId: undefined })).toBe(true);
  });

  test('S3-05 with the old roles is good for nothing once they are changed', () => {
    const user = taken(changeAccess(userOf(), { roles: ['staff'] }, {}, at(60)));
    expect(isTokenValid(user, { ...token, issuedAt: eight + 60 })).toBe(false);
    expect(isTokenValid(user, { ...token, issuedAt: eight + 61 })).toBe(true);
  });

  test.each([
    ['S1-04 a new password', endAllSessions],
    ['F-36 an authenticator app', confirmTotp],
  ])('%s: a token from before is good for nothing, nor is one of the same second', (_what, end) => {
    const user = end(userOf(), at(60));
    expect([59, 60, 61].map((second) => isTokenValid(user, { ...token, issuedAt: eight + second }))).toEqual([
      false,
      false,
      true,
    ]);
  });

  describe.each([49, 55, 99, 100, 101, 150, 1000])(
    'F-33 of a log-in that was ended, after %i more log-outs',
    (times) => {
      const loggedOut = (logOut: (n: number) => string) => {
        let user = endSession(userOf(), 'session-1', at(10));
        for (let n = 1; n <= times; n += 1) user = endSession(user, logOut(n), at(10 + n));
        return user;
      };

      test('of one other log-in stays good for nothing', () => {
        expect(
          isTokenValid(
            loggedOut(() => 'session-2'),
            token,
          ),
        ).toBe(false);
      });

      test('of as many others stays good for nothing, renewed or not', () => {
        const user = loggedOut((n) => `other-${n}`);
        expect(isTokenValid(user, token)).toBe(false);
        expect(isTokenValid(user, { ...token, issuedAt: eight + 5000, loggedInAt: eight })).toBe(false);
      });

      test('does not keep whoever logs in afterwards out, nor the row from staying small', () => {
        const user = loggedOut((n) => `other-${n}`);
        expect(isTokenValid(user, { sessionId: 'next', issuedAt: eight + 5000, loggedInAt: eight + 5000 })).toBe(true);
        expect(user.endedSessions.length).toBeLessThanOrEqual(100);
      });
    },
  );

  test('F-33 of another log-in is left alone by fifty-five log-outs of one', () => {
    let user = userOf();
    for (let n = 1; n <= 55; n += 1) user = endSession(user, 'session-2', at(n));
    expect(user.endedSessions).toEqual(['session-2']);
    expect(isTokenValid(user, token)).toBe(true);
  });

  test('F-33 from before its user was disabled stays good for nothing once the user is active again', () => {
    const disabled = taken(changeAccess(userOf(), { status: 'DISABLED' }, {}, at(60)));
    const active = taken(changeAccess(disabled, { status: 'ACTIVE' }, {}, at(120)));
    expect(isTokenValid(active, { ...token, issuedAt: eight + 180, loggedInAt: eight })).toBe(false);
    expect(isTokenValid(active, { ...token, issuedAt: eight + 180, loggedInAt: eight + 180 })).toBe(true);
  });

  test('F-33 that was renewed counts by its log-in after a new password', () => {
    const user = endAllSessions(userOf(), at(60));
    expect(isTokenValid(user, { ...token, issuedAt: eight + 90, loggedInAt: eight })).toBe(false);
  });

  test('F-33 is kept in the row with when log-ins count again', () => {
    const disabled = taken(changeAccess(userOf(), { status: 'DISABLED' }, {}, at(60)));
    expect(userFromRow(userRow(storedUser(disabled))).logInsNotBefore).toBe(1_795_248_060);
  });
});

describe('S3-07 changing a profile', () => {
  test('changes what is given, clears what is null, and keeps the rest', () => {
    const change = { displayName: null, firstName: '花子', preferences: { newsletter: true } };
    const user = taken(changeProfile(userOf(), change, {}, at(60)));
    expect(user).toMatchObject({ firstName: '花子', preferences: { newsletter: true }, version: 2 });
    expect(user.displayName).toBeUndefined();
    expect(user.email).toBe('hanako@example.com');
  });

  test.each([
    [{ expectedVersion: 2 }, 'version-mismatch'],
    [{ ifMatch: 2 }, 'precondition-failed'],
  ])('is refused when it builds on another version: %j', (expected, reason) => {
    expect(changeProfile(userOf(), {}, expected, at())).toEqual({ accepted: false, reason });
  });
});

describe('S3-04 a deleted user', () => {
  const deleted = taken(changeAccess(userOf(), { status: 'DELETED' }, {}, at(60)));

  test('P14 keeps nothing that identifies the person, and its ID for ever', () => {
    expect(userView(deleted)).toEqual({
      userId: 'hanako-1',
      tenantId: 'shop-a',
      emailVerified: false,
      status: 'DELETED',
      userRoles: [],
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:01:00.000Z',
      version: 2,
    });
  });

  test('never comes back', () => {
    expect(changeAccess(deleted, { status: 'ACTIVE' }, {}, at(90))).toEqual({ accepted: false, reason: 'deleted' });
    expect(changeProfile(deleted, {}, {}, at(90))).toEqual({ accepted: false, reason: 'deleted' });
  });
});

const eventOf = (user: User) => userEvent(storedUser(user));

describe('the events of a user', () => {
  test('S3-45 tell that the user is known', () => {
    const event = eventOf(userOf());
    expect(UserProfileCreated.parse(event)).toMatchObject({
      id: 'shop-a/hanako-1:1',
      data: {
        userId: 'hanako-1',
        email: unsealed('hanako@example.com'),
        displayName: unsealed('山田花子'),
      },
    });
  });

  test('S3-44 S3-49 report each log-in, with its time', () => {
    const event = eventOf(taken(logIn(userOf(), { ...hanako, withTotp: false }, at(60))));
    expect(UserAuthenticated.parse(event)).toMatchObject({
      id: 'shop-a/hanako-1:2',
      time: '2026-11-21T08:01:00.000Z',
      data: { userId: 'hanako-1', email: unsealed('hanako@example.com') },
    });
  });

  test('notify nobody else of profiles', () => {
    expect(eventOf(taken(changeProfile(userOf(), { firstName: '花子' }, {}, at())))).toBeUndefined();
  });

  test.each<[string, User]>([
    ['is disabled', taken(changeAccess(userOf(), { status: 'DISABLED' }, {}, at()))],
    ['is deleted', taken(changeAccess(userOf(), { status: 'DELETED' }, {}, at()))],
    ['has other roles', taken(changeAccess(userOf(), { roles: ['staff'] }, {}, at()))],
    ['logged out', endSession(userOf(), 'session-1', at())],
    ['has a new password', endAllSessions(userOf(), at())],
    ['has an authenticator app', confirmTotp(userOf(), at())],
  ])('F-34 tell that a user’s access has changed, and nothing else of it, when it %s', (_what, user) => {
    expect(UserAccessChanged.parse(eventOf(user))).toMatchObject({ id: 'shop-a/hanako-1:2', subject: 'hanako-1' });
    expect(eventOf(user)?.data).toEqual({ userId: 'hanako-1' });
  });
});

describe('what has ended stays ended', () => {
  const renewed = { sessionId: 'session-1', issuedAt: eight + 120, loggedInAt: eight + 10 };

  test('F-36 a log-in from before there was an authenticator app gets no new token by its refresh token', () => {
    expect(isTokenValid(confirmTotp(userOf(), at(60)), renewed)).toBe(false);
    expect(isTokenValid(confirmTotp(userOf(), at(60)), { ...renewed, loggedInAt: eight + 61 })).toBe(true);
  });

  test.each([
    ['a new password', endAllSessions],
    ['a new authenticator app', confirmTotp],
  ])('F-33 %s in the same second, or by a clock that is behind, lets no token in again', (_what, end) => {
    const disabled = taken(changeAccess(userOf(), { status: 'DISABLED' }, {}, at(60)));
    const active = taken(changeAccess(disabled, { status: 'ACTIVE' }, {}, at(60)));
    for (const later of [60, 58])
      expect(end(active, at(later))).toMatchObject({ tokensNotBefore: eight + 60, logInsNotBefore: eight + 60 });
  });
});
