import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { describeUser } from './describe-user';
import { describeUserEnv } from './env';
import { userStore } from './user.store';

export const handler = describeUser({ users: userStore(readEnv(describeUserEnv).USERS_TABLE, documentClient()) });
