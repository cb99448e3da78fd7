import * as z from 'zod';
import { asError } from '../http/http';
import { logger } from '../logger';
import { jitteredBackoff, retry } from '../retry';
import { serviceUrl } from './aws-endpoint';
import { sendSigned } from './signed-request';

const Version = z.object({ SecretString: z.string().min(1), CreatedDate: z.number().optional() });
type Version = z.infer<typeof Version>;

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';

/** Asked by a signed request: the SDK's client would add 13 KB to what is loaded. */
const askFor = (asked: Readonly<Record<string, string>>) =>
  sendSigned({
    url: `${serviceUrl('secretsmanager')}/`,
    service: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify(asked),
  });

const threeTimes = <Answer>(attempt: () => Promise<Answer>): Promise<Answer> =>
  retry(attempt, (error) => !isTimeout(error), { ...jitteredBackoff, attempts: 3, baseMs: 50 });

const unreadable = ({ status }: Response) => new Error(`a secret cannot be read: Secrets Manager answered ${status}`);

const readCurrent = (arn: string): Promise<Version> =>
  threeTimes(async () => {
    const answer = await askFor({ SecretId: arn });
    if (!answer.ok) throw unreadable(answer);
    return Version.parse(await answer.json());
  });

/** Returns nothing when the secret was never exchanged. */
const readPrevious = (arn: string): Promise<Version | undefined> =>
  threeTimes(async () => {
    const answer = await askFor({ SecretId: arn, VersionStage: 'AWSPREVIOUS' });
    if (answer.ok) return Version.parse(await answer.json());
    if ((await answer.text()).includes('ResourceNotFoundException')) return undefined;
    throw unreadable(answer);
  });

/** Returns what a secret of Secrets Manager holds. Throws when it cannot be read, asked three times. */
export const readSecret = async (arn: string): Promise<string> => (await readCurrent(arn)).SecretString;

/** The secrets that a function signs, seals, checks and opens with, while they are exchanged as well. */
export type Secrets = {
  /** What is made now is signed or sealed with it: every running function has it among its `good` ones. */
  readonly signing: string;
  /** All that are good for what is there: the current one and the one before it. */
  readonly good: readonly string[];
};

const readAgainMs = 5 * 60_000;
const failedAgainMs = 30_000;
const knownEverywhereMs = 2 * readAgainMs; // by then every running function has read a new secret

const secretsOf = (current: Version, previous: Version | undefined, now: number): Secrets => {
  if (previous === undefined) return { signing: current.SecretString, good: [current.SecretString] };
  const isNew = current.CreatedDate !== undefined && now < current.CreatedDate * 1000 + knownEverywhereMs;
  return {
    signing: isNew ? previous.SecretString : current.SecretString,
    good: [current.SecretString, previous.SecretString],
  };
};

/**
 * Reads a secret that may be exchanged while functions run: its current version and the one before it, again every five
 * minutes. A new version signs nothing for its first ten minutes, so no function meets a signature that it cannot check.
 */
export const rotatingSecret = async (arn: string, now: () => number = Date.now) => {
  const read = async () => {
    const [current, previous] = await Promise.all([readCurrent(arn), readPrevious(arn)]);
    return secretsOf(current, previous, now());
  };
  let secrets = await read();
  let readAgainAt = now() + readAgainMs;

  const refresh = async (): Promise<void> => {
    if (now() < readAgainAt) return;
    readAgainAt = now() + failedAgainMs;
    try {
      secrets = await read();
      readAgainAt = now() + readAgainMs;
    } catch (error) {
      logger.error('secret not read again', { error: asError(error) }); // what was read before is still good
    }
  };

  return {
    get signing() {
      return secrets.signing;
    },
    get good() {
      return secrets.good;
    },
    /** Returns the handler, which reads the secret again before it works when that is due. */
    keptFreshFor:
      <Given extends unknown[], Answer>(handler: (...given: Given) => Promise<Answer>) =>
      async (...given: Given): Promise<Answer> => {
        await refresh();
        return handler(...given);
      },
  };
};
