import { type AuthorizeDeps, evaluateValidity } from '../../lambda/identity/authorizer/authorize';
import { answerAuthorizer } from '../../lambda/identity/authorizer/authorizer-response';
import { changeAccess, endAllSessions, endSession, type User } from '../../lambda/identity/users/user';
import { askValidity, type Credential } from '../../lambda/kernel/http/ask-authorizer';
import type { TenantTerms } from '../../lambda/kernel/http/caller';
import { at, eight, shopA, userOf } from './people';

const opened: Credential = {
  tenant: 'shop-a',
  userId: 'hanako-1',
  sessionId: 'session-1',
  issuedAt: eight + 10,
  loggedInAt: eight + 10,
};
const guests: Credential = { tenant: 'shop-a', storefrontKey: `sk_${'a'.repeat(32)}` };

/** What a function that holds a connection is told, when the user, the shop and the key are these. */
const stands = (
  credential: Credential,
  user: User | undefined,
  terms: TenantTerms = {},
  { isKey = true, totpRequired = false, fresh = false, cached = user } = {},
) => {
  const deps = {
    userOf: async () => cached,
    freshUserOf: async () => user,
    totpRequired,
    tenantOf: async () => (isKey ? shopA : undefined),
    termsOf: async () => terms,
  } as unknown as AuthorizeDeps;
  const nobody = async () => {
    throw new Error('no token is asked about, and no address counted');
  };
  const answer = answerAuthorizer({ limitAddress: nobody, evaluate: nobody, evaluateValidity: evaluateValidity(deps) });
  return askValidity((event) => answer(event as never), { fresh })(credential);
};

const taken = (decision: { accepted: boolean; fact?: User }): User => {
  if (decision.fact === undefined) throw new Error('refused');
  return decision.fact;
};
const changed = (change: Parameters<typeof changeAccess>[1]) => taken(changeAccess(userOf(), change, {}, at(60)));

describe('F-34 a credential that was accepted before', () => {
  test('is good as long as nothing of it has ended', async () => {
    expect(await stands(opened, userOf())).toBe(true);
    expect(await stands(guests, undefined)).toBe(true);
    expect(await stands({ tenant: 'default' }, undefined)).toBe(true);
  });

  test.each<[string, User | undefined]>([
    ['the user is disabled', changed({ status: 'DISABLED' })],
    ['the user is deleted', changed({ status: 'DELETED' })],
    ['the user has other roles', changed({ roles: ['customer'] })],
    [
      'the user was disabled and is active again',
      taken(changeAccess(changed({ status: 'DISABLED' }), { status: 'ACTIVE' }, {}, at(90))),
    ],
    ['the user logged out', endSession(userOf(), 'session-1', at(60))],
    ['the user has a new password', endAllSessions(userOf(), at(60))],
    ['nobody knows the user', undefined],
  ])('is good no more when %s', async (_when, user) => {
    expect(await stands(opened, user)).toBe(false);
  });

  test.each([
    [10, false],
    [61, true],
  ])(
    'that was renewed after every log-in until second 60 was ended, of a log-in at second %d, is good: %p',
    async (second, good) => {
      const renewed = { ...opened, issuedAt: eight + 120, loggedInAt: eight + second };
      expect(await stands(renewed, endAllSessions(userOf(), at(60)))).toBe(good);
    },
  );

  test('is evaluated by what its user is at this moment where that is asked, whatever is cached', async () => {
    const [cached, disabled] = [userOf(), changed({ status: 'DISABLED' })];
    expect(await stands(opened, disabled, {}, { cached, fresh: true })).toBe(false);
    expect(await stands(opened, disabled, {}, { cached })).toBe(true);
  });

  test('is good no more when the shop is suspended', async () => {
    expect(await stands(opened, userOf(), { suspended: true })).toBe(false);
    expect(await stands(guests, undefined, { suspended: true })).toBe(false);
  });

  test('is good no more when its storefront key was deleted', async () => {
    expect(await stands(guests, undefined, {}, { isKey: false })).toBe(false);
  });

  test('of another log-in of the same user goes on', async () => {
    expect(await stands({ ...opened, sessionId: 'session-2' }, endSession(userOf(), 'session-1', at(60)))).toBe(true);
  });

  test.each([
    ['staff', undefined, false],
    ['staff', '2026-11-21T08:00:00.000Z', true],
    ['customer', undefined, true],
  ] as const)(
    'F-36 of a %s with an app since %p, where one is required, is good: %p',
    async (role, totpSince, good) => {
      const user = { ...userOf(), roles: { [role]: '2026-11-21T08:00:00.000Z' }, totpSince };
      expect(await stands(opened, user, {}, { totpRequired: true })).toBe(good);
    },
  );

  test.each([undefined, {}, { tenant: '' }, { userId: 'hanako-1' }])(
    'that is %j is a fault, and lets nobody in',
    async (odd) => {
      await expect(stands(odd as never, userOf())).rejects.toThrow();
    },
  );
});
