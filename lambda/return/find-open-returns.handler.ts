import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { findOpenReturnsEnv } from './env';
import { findOpenReturns } from './find-open-returns';
import { returnStore } from './return.store';

export const handler = findOpenReturns(returnStore(readEnv(findOpenReturnsEnv).RETURNS_TABLE, documentClient()));
