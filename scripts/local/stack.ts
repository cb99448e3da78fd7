import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { stackName } from '../system';
import { clientConfig } from './endpoint';

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

/** Whether the stack is there and whole. */
export const isWhole = (stack: Stack | undefined): stack is Stack =>
  stack?.StackStatus === 'CREATE_COMPLETE' || stack?.StackStatus === 'UPDATE_COMPLETE';
