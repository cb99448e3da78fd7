import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { STSClient } from '@aws-sdk/client-sts';
import { CommandError, UsageError } from '../command';
import { type AwsStage, awsStages, readStage, stackNameOf } from './stage';

/** What a script is told of the stage: `--stage dev`. */
export const whereOptions = { aws: { type: 'boolean' }, stage: { type: 'string' } } as const;

const isDeployed = async (client: CloudFormationClient, stage: AwsStage): Promise<boolean> => {
  try {
    await client.send(new DescribeStacksCommand({ StackName: stackNameOf(stage) }));
    return true;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return false;
    throw error;
  }
};

/**
 * Returns the stage on AWS that a script works on: the one that is named, else the only one that is deployed in the region.
 * Throws when none is, and when both are: what is done to the wrong one cannot be taken back.
 */
export const chosenStage = async (
  access: CloudFormationClientConfig & { readonly region: string },
  given: string | undefined,
): Promise<AwsStage> => {
  if (given !== undefined) return readStage(given);
  const client = new CloudFormationClient(access);
  const found = await Promise.all(awsStages.map(async (stage) => ((await isDeployed(client, stage)) ? [stage] : [])));
  const [only, ...others] = found.flat();
  if (only === undefined)
    throw new CommandError(`Neither stage is deployed on AWS (${access.region}): npm run deploy -- --help`);
  if (others.length > 0)
    throw new UsageError(`--stage: dev and prod are both deployed on AWS (${access.region}): say which. See --help.`);
  return only;
};

/**
 * Throws when any AWS_ENDPOINT_URL is set: one for a single service alone would lead half of what goes to AWS astray.
 * `why` says what goes there: "this command deploys to AWS".
 */
export const refuseEndpoint = (env: Readonly<Record<string, string | undefined>>, why: string): void => {
  const name = Object.keys(env).find((one) => one.startsWith('AWS_ENDPOINT_URL') && env[one]);
  if (name === undefined) return;
  throw new UsageError(
    `${name} leads to ${env[name]}, and ${why}: unset it. ` +
      'To a local AWS deploy by "npm start" or "npx cdklocal deploy".',
  );
};

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
