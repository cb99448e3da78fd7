import { DescribeUser, type UserDescribed } from '../../contracts/calls/user-calls';
import { type Decision, reject } from '../../kernel/decision';
import { conflict, retryOnConflict } from '../../kernel/retry';
import { trustedTenant } from '../../kernel/tenant';
import type { User, UserAccess, UserKey } from './user';

export type Users = {
  readonly get: (key: UserKey) => Promise<User | undefined>;
  /** Returns false when the stored version has changed. */
  readonly save: (user: User) => Promise<boolean>;
};

/** Loads a user, decides and writes. Retries with a fresh read when the user was changed in the meantime. */
export const changeUser = <Reason>(
  users: Users,
  key: UserKey,
  decide: (user: User) => Decision<User, Reason>,
): Promise<Decision<User, Reason | 'unknown'>> =>
  retryOnConflict({ onExhausted: 'the user was changed concurrently on every attempt' }, async () => {
    const user = await users.get(key);
    if (user === undefined) return reject('unknown');
    const decision = decide(user);
    return !decision.accepted || (await users.save(decision.fact)) ? decision : conflict;
  });

/** Handles the query of other services: returns the user's status, or no user when the tenant has none with this ID. */
export const describeUser =
  ({ find }: { readonly find: (key: UserKey) => Promise<UserAccess | undefined> }) =>
  async (query: unknown): Promise<UserDescribed> => {
    const { tenantId, userId } = DescribeUser.parse(query);
    const user = await find({ tenant: trustedTenant(tenantId), userId });
    return user === undefined ? {} : { user: { status: user.status } };
  };
