import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CommandError } from '../../lib/command';
import { presentApps, stackName } from '../../lib/system/apps';
import { step } from '../../lib/terminal';
import { until } from '../../lib/wait';
import { clientConfig } from '../emulator/endpoint';

export const cloudFormationAt = (endpoint: string): CloudFormationClient =>
  new CloudFormationClient(clientConfig(endpoint));

/** The stack as it is deployed at this endpoint. */
export const describeStack = async (endpoint: string, name = stackName): Promise<Stack | undefined> => {
  try {
    const { Stacks } = await cloudFormationAt(endpoint).send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined; // it does not exist
    throw error;
  }
};

/** Whether the stack is there, whole, and takes an update: also after one that failed and was rolled back. */
export const isWhole = (stack: Stack | undefined): stack is Stack =>
  /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack?.StackStatus ?? '');

/** Whether a deployment creates the stack new: it is not there, or its creation failed, and the CDK deletes it before. */
export const isCreatedNew = (stack: Stack | undefined): boolean =>
  stack === undefined ||
  /^(CREATE_FAILED|ROLLBACK_\w+|REVIEW_IN_PROGRESS|DELETE_COMPLETE)$/.test(stack.StackStatus ?? '');

/** Deletes a stack with all that is in it, and waits until it is gone. */
const deleteStack = async (endpoint: string, name: string): Promise<void> => {
  await cloudFormationAt(endpoint).send(new DeleteStackCommand({ StackName: name }));
  const settled = async () => {
    const { StackStatus = 'DELETE_COMPLETE', StackStatusReason } = (await describeStack(endpoint, name)) ?? {};
    return StackStatus === 'DELETE_IN_PROGRESS' ? undefined : { StackStatus, StackStatusReason };
  };
  const end = await until(settled, { timeoutMs: 300_000, everyMs: 200 });
  if (end?.StackStatus !== 'DELETE_COMPLETE')
    throw new CommandError(`${name} was not removed: ${end?.StackStatus ?? 'no end'} ${end?.StackStatusReason ?? ''}`);
};

/** The deployed stacks that stand on the order system, the last deployed first. They subscribe to its topics. */
export const standingOn = async (endpoint: string): Promise<readonly string[]> => {
  const others = presentApps()
    .map(({ stack }) => stack)
    .filter((stack) => stack !== stackName)
    .reverse();
  const found = await Promise.all(others.map((stack) => describeStack(endpoint, stack)));
  return others.filter((_, index) => found[index] !== undefined);
};

/** Removes stacks with all their data, one after the other. */
export const removeStacks = async (endpoint: string, stacks: readonly string[]): Promise<void> => {
  for (const stack of stacks)
    await step({ doing: `removing ${stack} from ${endpoint}`, done: `${stack} removed from ${endpoint}` }, () =>
      deleteStack(endpoint, stack),
    );
};

/**
 * Removes what stood on an order system that is gone, before that is created new: its subscriptions went with the topics,
 * and its template has not changed, so that no deployment would bring them back.
 */
export const removeLeftOvers = async (endpoint: string): Promise<void> => {
  if (isCreatedNew(await describeStack(endpoint))) await removeStacks(endpoint, await standingOn(endpoint));
};
