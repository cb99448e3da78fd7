import { UserAuthenticated, UserProfileCreated } from '../../lambda/contracts/user-events';
import {
  changeAccess,
  changeProfile,
  endAllSessions,
  endSession,
  isLetIn,
  logIn,
  newUser,
  type User,
} from '../../lambda/identity/user';
import { userEvent } from '../../lambda/identity/user-event';
import { userFromRow, userRow } from '../../lambda/identity/user-row';
import { userView } from '../../lambda/identity/user-view';
import { at, eight, hanako, userOf } from './people';

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

  test('S3-50 is one row, whose key starts with the tenant', () => {
    const user = userOf();
    expect(userRow(user)).toMatchObject({ userId: 'shop-a#hanako-1', tenant: 'shop-a', version: 1 });
    expect(userFromRow(JSON.parse(JSON.stringify(userRow(user))))).toEqual(JSON.parse(JSON.stringify(user)));
  });

  test('S3-03 keeps the time at which each role was given', () => {
    const later = taken(changeAccess(userOf(), { roles: ['customer', 'staff'] }, {}, at(60)));
    expect(later.roles).toEqual({ customer: '2026-11-21T08:00:00.000Z', staff: '2026-11-21T08:01:00.000Z' });
  });
});

describe('S1-05 logging in', () => {
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
  test('S1-06 is good while the user is active', () => expect(isLetIn(userOf(), token)).toBe(true));

  test.each(['DISABLED', 'DELETED'] as const)('S3-04 is good for nothing when the user is %s', (status) => {
    const user = taken(changeAccess(userOf(), { status }, {}, at()));
    expect(isLetIn(user, { ...token, issuedAt: eight + 3600 })).toBe(false);
  });

  test('S3-05 is good for nothing when its log-in was ended, and another one goes on', () => {
    const user = endSession(userOf(), 'session-1', at());
    expect(isLetIn(user, token)).toBe(false);
    expect(isLetIn(user, { ...token, sessionId: 'session-2' })).toBe(true);
    expect(isLetIn(user, { ...token, sessionId: undefined })).toBe(true);
  });

  test('S3-05 with the old roles is good for nothing once they are changed', () => {
    const user = taken(changeAccess(userOf(), { roles: ['staff'] }, {}, at(60)));
    expect(isLetIn(user, { ...token, issuedAt: eight + 60 })).toBe(false);
    expect(isLetIn(user, { ...token, issuedAt: eight + 61 })).toBe(true);
  });

  test('S1-04 from before a new password is good for nothing, one of the same second is', () => {
    const user = endAllSessions(userOf(), at(60));
    expect(isLetIn(user, { ...token, issuedAt: eight + 59 })).toBe(false);
    expect(isLetIn(user, { ...token, issuedAt: eight + 60 })).toBe(true);
  });

  test('of one of many log-ins stays ended for the next fifty', () => {
    let user = endSession(userOf(), 'session-1', at());
    for (let n = 2; n <= 50; n += 1) user = endSession(user, `session-${n}`, at(n));
    expect(isLetIn(user, token)).toBe(false);
    expect(endSession(user, 'session-51', at()).endedSessions).toHaveLength(50);
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

  test('P14 keeps nothing that tells who it was, and its ID for ever', () => {
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

describe('the events of a user', () => {
  test('S3-45 tell that the user is known', () => {
    const event = userEvent(userOf());
    expect(UserProfileCreated.parse(event)).toMatchObject({
      id: 'shop-a/hanako-1:1',
      data: { userId: 'hanako-1', email: 'hanako@example.com', displayName: '山田花子' },
    });
  });

  test('S3-44 S3-49 tell of each log-in, with its time', () => {
    const event = userEvent(taken(logIn(userOf(), { ...hanako, withTotp: false }, at(60))));
    expect(UserAuthenticated.parse(event)).toMatchObject({
      id: 'shop-a/hanako-1:2',
      time: '2026-11-21T08:01:00.000Z',
      data: { userId: 'hanako-1', email: 'hanako@example.com' },
    });
  });

  test('tell nobody else of profiles, roles and ended log-ins', () => {
    const changes = [
      taken(changeProfile(userOf(), { firstName: '花子' }, {}, at())),
      taken(changeAccess(userOf(), { roles: ['staff'] }, {}, at())),
      endSession(userOf(), 'session-1', at()),
    ];
    expect(changes.map(userEvent)).toEqual([undefined, undefined, undefined]);
  });
});
