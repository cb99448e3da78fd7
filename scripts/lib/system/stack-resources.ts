import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { presentApps, stackName } from './apps';
import { type Stage, stackNameOf } from './stage';

/** One resource of a deployed stack. */
export type Resource = {
  /** The stack's name without its stage: `OrderSystemStack`. */
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

/** Every resource of every stack of a stage, in the order of their types. Throws when the order system is not deployed. */
export const allResources = async (
  cloudFormation: CloudFormationClient,
  stage: Stage = 'local',
): Promise<Resource[]> => {
  const of = async (stack: string): Promise<Resource[]> => {
    try {
      const resources = await stackResources(cloudFormation, stackNameOf(stage, stack));
      return resources.map((resource) => ({ ...resource, stack }));
    } catch (error) {
      if (stack !== stackName && isMissing(error)) return [];
      throw error;
    }
  };
  return inOrder((await Promise.all(presentApps().map(({ stack }) => of(stack)))).flat());
};
