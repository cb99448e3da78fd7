import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeUserEnv } from './env';
import { describeUser } from './users/change-user';
import { findStoredUser } from './users/user.store';

export const handler = describeUser({ find: findStoredUser(readEnv(describeUserEnv).USERS_TABLE, documentClient()) });
