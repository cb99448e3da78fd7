import type { Secrets } from '../../lambda/kernel/aws/secret';

/** A secret that was never exchanged. */
export const onlySecret = (secret: string): Secrets => ({ signing: secret, good: [secret] });

/** What is good after a secret was exchanged for another. */
export const exchanged = (current: string, previous: string): Secrets => ({
  signing: current,
  good: [current, previous],
});
