import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { presentApps, stackName } from './apps';

/** One resource of a deployed stack. */
export type Resource = {
  readonly stack: string;
  readonly type: string;
  readonly logicalId: string;
  readonly id: string;
  readonly status: string;
};

const inOrder = (resources: readonly Resource[]): Resource[] =>
  [...resources].sort((one, other) => `${one.type} ${one.id}`.localeCompare(`${other.type} ${other.id}`));

/** Every resource of a stack, in the order of their types. */
export const stackResources = async (cloudFormation: CloudFormationClient, stack = stackName): Promise<Resource[]> => {
  const resources: Resource[] = [];
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: stack })) {
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ??
      [])
      resources.push({
        stack,
        type: ResourceType ?? '',
        logicalId: LogicalResourceId ?? '',
        id: PhysicalResourceId ?? '',
        status: ResourceStatus ?? '',
      });
  }
  return inOrder(resources);
};

const isMissing = (error: unknown): boolean => error instanceof Error && /does not exist/.test(error.message);

/** Every resource of every stack that is deployed, in the order of their types. Throws when the first one is not. */
export const allResources = async (cloudFormation: CloudFormationClient): Promise<Resource[]> => {
  const of = async (stack: string): Promise<Resource[]> => {
    try {
      return await stackResources(cloudFormation, stack);
    } catch (error) {
      if (stack !== stackName && isMissing(error)) return [];
      throw error;
    }
  };
  return inOrder((await Promise.all(presentApps().map(({ stack }) => of(stack)))).flat());
};
