import { directory } from '../../lambda/identity/sign-in/directory.gateway';
import { type SignInDeps, signInRoutes } from '../../lambda/identity/sign-in/sign-in.http';
import { userPool } from '../../lambda/identity/sign-in/user-pool.gateway';
import { guest } from '../../lambda/kernel/http/caller';
import { everyInterleaving } from '../simulation/interleavings';
import { directly, type Io } from '../stores/io';
import { call } from '../support/http';
import { memoryUserPool } from './memory-user-pool';
import { at, memoryUsers, shopA } from './people';

const email = 'hanako@example.com';
const own = 'Correct-horse-1';
const strangers = 'Stranger-horse-2';
const name = 'shop-a/hanako@example.com';

/** Sign-in over a user pool in memory; each task's calls of the pool wait for its `io`. */
const setUp = () => {
  const world = memoryUserPool();
  const users = memoryUsers();
  const answers: { readonly what: string; readonly status: number; readonly idToken?: string }[] = [];
  const everything = { start: async () => true, end: async () => undefined };

  const routesWith = (io: Io) => {
    const pool = world.poolWith(io);
    const client = { clientId: 'client', clientSecret: 'secret' };
    const deps: SignInDeps = {
      pool: userPool({ ...pool, client }),
      directory: directory(pool),
      users,
      totp: { begin: nobody, confirm: nobody },
      totpRequired: false,
      cooldown: everything, // every mail goes out, so that each collision is seen
      now: () => at(60).now,
      nextSecond: async () => undefined,
    };
    return signInRoutes(deps);
  };

  const send = async (io: Io, operation: 'signUp' | 'confirmSignUp' | 'logIn' | 'resetPassword', body: object) => {
    const headers = { 'content-type': 'application/json' };
    const more = { operation, body: JSON.stringify({ email, ...body }), headers, caller: guest(shopA) };
    const answer = await call(routesWith(io)[operation], more);
    answers.push({ what: operation, status: answer.status, idToken: answer.body?.idToken });
    return answer;
  };
  const newestCode = () => world.mails.at(-1)?.code ?? 'none';
  const invite = (io: Io) =>
    directory(world.poolWith(io)).invite({ tenant: shopA, email }, { roles: ['staff'], displayName: undefined });
  return { ...world, answers, send, newestCode, invite, account: () => world.users.get(name) };
};

const nobody = async (): Promise<never> => {
  throw new Error('no authenticator is asked for');
};
const apart = () => undefined;
const noFault = ({ answers }: ReturnType<typeof setUp>) =>
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);

/** What became of the owner's account; fails when it is gone, or a stranger has got into it. */
const ownersAccountIn = ({ answers, account, deleted }: ReturnType<typeof setUp>): string => {
  const status = answers.find(({ what }) => what === 'confirmSignUp')?.status;
  const { status: state, password, attributes } = account() ?? {};
  expect(deleted).toEqual([]);
  expect(answers.filter(({ what, status: answered }) => what === 'logIn' && answered === 200)).toEqual([]);
  expect([state, password === own, attributes?.get('custom:tenant')]).toEqual(
    status === 204 ? ['CONFIRMED', true, 'shop-a'] : ['UNCONFIRMED', expect.any(Boolean), undefined],
  );
  return String(status);
};

describe('F-31 at whatever moments their calls come', () => {
  test('two sign-ups of one address are both answered 202, and one account is there', async () => {
    const paths = await everyInterleaving(() => {
      const world = setUp();
      return {
        tasks: [
          (io) => world.send(io, 'signUp', { password: own, displayName: 'Hanako' }),
          (io) => world.send(io, 'signUp', { password: strangers, displayName: 'Stranger' }),
        ],
        twinOf: apart,
        check: () => {
          expect(world.answers.map(({ status }) => status)).toEqual([202, 202]);
          expect([world.account()?.status, world.deleted]).toEqual(['UNCONFIRMED', []]);
        },
      };
    });
    expect(paths).toBeGreaterThan(1);
  });

  test('three sign-ups of an address that is there already are answered 202', async () => {
    await everyInterleaving(() => {
      const world = setUp();
      const again = (io: Io) => world.send(io, 'signUp', { password: strangers });
      const first = (io: Io) => world.send(io, 'signUp', { password: own });
      return {
        tasks: [first, again, again],
        twinOf: apart,
        check: () => expect(world.answers.map(({ status }) => status)).toEqual([202, 202, 202]),
      };
    });
  });

  test('a stranger’s sign-up and log-in beside the owner’s confirmation delete nothing and open nothing', async () => {
    const ends = new Set<string>();
    for (const firstPassword of [own, strangers]) {
      const paths = await everyInterleaving(() => {
        const world = setUp();
        const before = world.send(directly, 'signUp', { password: firstPassword, displayName: 'Whoever' });
        const code = before.then(world.newestCode);
        return {
          tasks: [
            async (io) => world.send(io, 'confirmSignUp', { code: await code, password: own }),
            (io) => code.then(() => world.send(io, 'signUp', { password: strangers })),
            (io) => code.then(() => world.send(io, 'logIn', { password: strangers })),
          ],
          twinOf: apart,
          check: () => {
            noFault(world);
            ends.add(ownersAccountIn(world));
          },
        };
      });
      expect(paths).toBeGreaterThan(20);
    }
    expect([...ends].sort()).toEqual(['204', '400']); // 400: the code of a mail that was sent again is another one
  });

  test('a name that a stranger has signed up with is not left to the owner', async () => {
    const world = setUp();
    await world.send(directly, 'signUp', { password: strangers, displayName: 'Stranger' });
    await world.send(directly, 'confirmSignUp', { code: world.newestCode(), password: own });
    expect(world.account()?.attributes.get('name')).toBeUndefined();
  });

  test('two confirmations with the right code, one with a stranger’s password from a page of theirs: one is taken', async () => {
    await everyInterleaving(() => {
      const world = setUp();
      const code = world.send(directly, 'signUp', { password: own }).then(world.newestCode);
      return {
        tasks: [
          async (io) => world.send(io, 'confirmSignUp', { code: await code, password: own }),
          async (io) => world.send(io, 'confirmSignUp', { code: await code, password: own }),
        ],
        twinOf: apart,
        check: () => {
          expect(
            world.answers
              .slice(1)
              .map(({ status }) => status)
              .sort(),
          ).toEqual([204, 400]);
          expect([world.account()?.status, world.deleted]).toEqual(['CONFIRMED', []]);
        },
      };
    });
  });

  test('an invitation beside the confirmation of the same address deletes nobody, and leaves the roles to the invited', async () => {
    const paths = await everyInterleaving(() => {
      const world = setUp();
      const code = world
        .send(directly, 'signUp', { password: strangers, displayName: 'Stranger' })
        .then(world.newestCode);
      return {
        tasks: [
          async (io) => world.send(io, 'confirmSignUp', { code: await code, password: own }),
          (io) => code.then(() => world.invite(io)),
          (io) => code.then(() => world.send(io, 'logIn', { password: strangers })),
        ],
        twinOf: apart,
        check: () => {
          noFault(world);
          const account = world.account();
          expect([world.deleted, account?.groups.has('staff')]).toEqual([[], true]);
          expect(account?.password).not.toBe(strangers);
          expect(world.answers.filter(({ what, status }) => what === 'logIn' && status === 200)).toEqual([]);
        },
      };
    });
    expect(paths).toBeGreaterThan(20);
  });
});
