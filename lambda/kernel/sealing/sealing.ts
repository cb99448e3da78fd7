import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type KeyRing, keyRing } from './key-ring';
import { kmsKeyService } from './key-service';
import { subjectKeyStore } from './subject-key.store';

/** The variables of a function that seals or opens text about people; `SubjectKeys` of `lib/` sets them. */
export const sealingEnv = z.object({ SUBJECT_KEYS_TABLE: z.string().min(1), MASTER_KEY_ARN: z.string().min(1) });

/** Returns the key ring of a function. `db` may be limited to one tenant. */
export const keyRingOf = (env: z.output<typeof sealingEnv>, db: DynamoDBDocumentClient) =>
  keyRing({
    store: subjectKeyStore(env.SUBJECT_KEYS_TABLE, db),
    keyService: kmsKeyService(env.MASTER_KEY_ARN),
    now: () => new Date(),
  });

/** The variables of a function that destroys keys. */
export const destroyingEnv = sealingEnv.pick({ SUBJECT_KEYS_TABLE: true });

/** Returns what destroys keys, and can open nothing. */
export const keyDestroyerOf = (
  { SUBJECT_KEYS_TABLE }: z.output<typeof destroyingEnv>,
  db: DynamoDBDocumentClient,
): Pick<KeyRing, 'destroy'> => {
  const store = subjectKeyStore(SUBJECT_KEYS_TABLE, db);
  return { destroy: (tenant, ref) => store.destroy(tenant, ref, new Date()) };
};
