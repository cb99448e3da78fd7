import { type Decision, reject } from '../kernel/decision';
import type { User, UserKey } from './user';

export type Users = {
  readonly get: (key: UserKey) => Promise<User | undefined>;
  /** False when somebody else wrote first. */
  readonly save: (user: User) => Promise<boolean>;
};

const maxTries = 8;

/** Loads a user, decides and writes; decides again when somebody else wrote first. */
export const changeUser = async <Reason>(
  users: Users,
  key: UserKey,
  decide: (user: User) => Decision<User, Reason>,
): Promise<Decision<User, Reason | 'unknown'>> => {
  for (let tried = 0; tried < maxTries; tried += 1) {
    const user = await users.get(key);
    if (user === undefined) return reject('unknown');
    const decision = decide(user);
    if (!decision.accepted || (await users.save(decision.fact))) return decision;
  }
  throw new Error(`the user was changed by others ${maxTries} times`);
};
