import { STSClient } from '@aws-sdk/client-sts';
import { UsageError } from '../command';

type Environment = Readonly<Record<string, string | undefined>>;

/** The region of the profile in `~/.aws/config` that the environment chooses. */
const profileRegion = async (): Promise<string | undefined> => {
  try {
    return await new STSClient({}).config.region();
  } catch {
    return undefined;
  }
};

/** Returns the region that the environment or its profile names, as the AWS CLI and CDK find it. Throws when none does. */
export const regionOf = async (env: Environment, ofProfile = profileRegion): Promise<string> => {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (await ofProfile());
  if (region) return region;
  throw new UsageError('No region: set AWS_REGION, for example AWS_REGION=ap-northeast-1, or one in your AWS profile.');
};
