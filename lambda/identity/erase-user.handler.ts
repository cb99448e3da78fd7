import { randomUUID } from 'node:crypto';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { eraseUserEnv } from './env';
import { directory } from './sign-in/directory.gateway';
import { callPool } from './sign-in/pool-calls.gateway';
import { eraseUser } from './users/erase-user';
import { userStore } from './users/user.store';

const env = readEnv(eraseUserEnv);
const db = documentClient();

export const handler = eraseUser({
  users: userStore(env.USERS_TABLE, db, keyRingOf(readEnv(sealingEnv), db)),
  directory: env.USER_POOL_ID === '' ? undefined : directory({ pool: callPool, userPoolId: env.USER_POOL_ID }),
  newId: randomUUID,
  now: () => new Date(),
});
