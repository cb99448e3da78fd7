import { createHmac } from 'node:crypto';
import { type Sealed, sealedParts } from '../../lambda/contracts/values/sealed';
import { decryptBytes, encryptBytes } from '../../lambda/kernel/aes-gcm';
import { type KeyRing, keyRing, type Place } from '../../lambda/kernel/sealing/key-ring';
import type { KeyService } from '../../lambda/kernel/sealing/key-service';
import { subjectKeyStore } from '../../lambda/kernel/sealing/subject-key.store';
import { memoryDynamoDb } from './dynamodb/memory-dynamodb';

/** A key service with one master key. Like KMS, it unwraps only for the tenant that a key was made for. */
export const memoryKeyService = (): KeyService => {
  const master = Buffer.alloc(32, 7);
  let made = 0;
  return {
    generate: async (tenant) => {
      made += 1;
      const key = Buffer.alloc(32, made);
      return { key, wrapped: encryptBytes(master, tenant, key).toString('base64') };
    },
    unwrap: async (tenant, wrapped) => {
      const key = decryptBytes(master, tenant, Buffer.from(wrapped, 'base64'));
      if (key === undefined) throw new Error('the key service refused to unwrap a key');
      return key;
    },
  };
};

/** A whole key ring over tables in memory. */
export const memoryKeyRing = ({
  db = memoryDynamoDb().db,
  keyService = memoryKeyService(),
  now = () => new Date(),
}: {
  readonly db?: ReturnType<typeof memoryDynamoDb>['db'];
  readonly keyService?: KeyService;
  readonly now?: () => Date;
} = {}): KeyRing => keyRing({ store: subjectKeyStore('subject-keys', db), keyService, now });

const fixed = { ref: { keys: 'fixed', number: 0 }, key: Buffer.alloc(32, 9) };

/** Returns text that was sealed under the key of `fixedKeys`. Throws when it was sealed for another place. */
export const openedWithFixedKey = (text: Sealed, { tenant, subject, field }: Place): string => {
  const { ref, content } = sealedParts(text);
  const opened = ref === undefined ? content : decryptBytes(fixed.key, `${tenant}#${subject}#${field}`, content);
  if (opened === undefined) throw new Error(`sealed text cannot be opened as ${field} of ${subject}`);
  return opened.toString('utf8');
};

/** One key for everything, which is never destroyed and needs no table. */
export const fixedKeys: Pick<KeyRing, 'next' | 'named' | 'open' | 'prepare' | 'prepareToOpen' | 'hash'> = {
  next: async () => fixed,
  prepare: async () => undefined,
  prepareToOpen: async () => undefined,
  named: async () => fixed,
  open: async (text, place) => openedWithFixedKey(text, place),
  hash: async (tenant, purpose, text) =>
    createHmac('sha256', fixed.key).update(`${tenant} ${purpose} ${text}`).digest('base64url'),
};
