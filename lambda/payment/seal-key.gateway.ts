import { readSecret } from '../kernel/secret';
import { type Sealing, sealing } from './seal.gateway';

/** Where the key is that details are sealed with. */
export type SealPlace = {
  readonly SEAL_SECRET_ARN: string;
  readonly SECRETS_URL: string;
  readonly SECRETS_REGION: string;
};

/** Seals and opens the details of payments. A function that cannot read its key does not start. */
export const sealingBy = async (env: SealPlace): Promise<Sealing> =>
  sealing(await readSecret({ arn: env.SEAL_SECRET_ARN, url: env.SECRETS_URL, region: env.SECRETS_REGION }));
