import * as z from 'zod';
import { asError } from '../error';
import { logger } from '../logger';
import { jitteredBackoff, retry } from '../retry';
import { serviceUrl } from './aws-endpoint';
import { sendSigned } from './signed-request';

const Version = z.object({ SecretString: z.string().min(1), CreatedDate: z.number().optional() });
type Version = z.infer<typeof Version>;

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';

/** Sends a plain signed request: the SDK's client would add 13 KB to the bundle. */
const getSecretValue = (input: Readonly<Record<string, string>>) =>
  sendSigned({
    url: `${serviceUrl('secretsmanager')}/`,
    service: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify(input),
  });

const withRetries = <Answer>(attempt: () => Promise<Answer>): Promise<Answer> =>
  retry(attempt, (error) => !isTimeout(error), { ...jitteredBackoff, attempts: 3, baseMs: 50 });

const unreadable = ({ status }: Response) => new Error(`a secret cannot be read: Secrets Manager answered ${status}`);

const readCurrent = (arn: string): Promise<Version> =>
  withRetries(async () => {
    const response = await getSecretValue({ SecretId: arn });
    if (!response.ok) throw unreadable(response);
    return Version.parse(await response.json());
  });

/** Returns undefined when the secret was never rotated. */
const readPrevious = (arn: string): Promise<Version | undefined> =>
  withRetries(async () => {
    const response = await getSecretValue({ SecretId: arn, VersionStage: 'AWSPREVIOUS' });
    if (response.ok) return Version.parse(await response.json());
    if ((await response.text()).includes('ResourceNotFoundException')) return undefined;
    throw unreadable(response);
  });

const refreshMs = 5 * 60_000;
const retryMs = 30_000;

/** Reads a value, and again every five minutes. While that fails, the value from before is used. */
const refreshed = async <Value>(read: () => Promise<Value>, now: () => number) => {
  let value = await read();
  let refreshAt = now() + refreshMs;

  const refresh = async (): Promise<void> => {
    if (now() < refreshAt) return;
    refreshAt = now() + retryMs;
    try {
      value = await read();
      refreshAt = now() + refreshMs;
    } catch (error) {
      logger.error('secret not read again', { error: asError(error) });
    }
  };

  return {
    current: (): Value => value,
    /** Wraps a handler: before it runs, the secret is read again when that is due. */
    refreshBefore:
      <Given extends unknown[], Answer>(handler: (...given: Given) => Promise<Answer>) =>
      async (...given: Given): Promise<Answer> => {
        await refresh();
        return handler(...given);
      },
  };
};

/**
 * Reads the current version of a secret that others exchange, again every five minutes. Throws when it cannot be read
 * after three attempts.
 */
export const currentSecret = <Value>(arn: string, parse: (text: string) => Value, now: () => number = Date.now) =>
  refreshed(async () => parse((await readCurrent(arn)).SecretString), now);

/** The secrets to sign, verify, encrypt and decrypt with, also during a rotation. */
export type Secrets = {
  /** Signs and encrypts; every running function has it among its `good` secrets. */
  readonly signing: string;
  /** Verify and decrypt: the current secret and the previous one. */
  readonly good: readonly string[];
};

const propagationMs = 2 * refreshMs; // by then every running function has read a new secret

const secretsOf = (current: Version, previous: Version | undefined, now: number): Secrets => {
  if (previous === undefined) return { signing: current.SecretString, good: [current.SecretString] };
  const isNew = current.CreatedDate !== undefined && now < current.CreatedDate * 1000 + propagationMs;
  return {
    signing: isNew ? previous.SecretString : current.SecretString,
    good: [current.SecretString, previous.SecretString],
  };
};

/**
 * Reads a secret of ours that may be rotated while functions run: its current and its previous version, again every
 * five minutes. A new version signs nothing for its first ten minutes, so that every function can verify each signature.
 */
export const rotatingSecret = async (arn: string, now: () => number = Date.now) => {
  const read = async () => {
    const [current, previous] = await Promise.all([readCurrent(arn), readPrevious(arn)]);
    return secretsOf(current, previous, now());
  };
  const secrets = await refreshed(read, now);
  return {
    get signing() {
      return secrets.current().signing;
    },
    get good() {
      return secrets.current().good;
    },
    refreshBefore: secrets.refreshBefore,
  };
};
