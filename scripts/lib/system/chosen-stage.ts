import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
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
