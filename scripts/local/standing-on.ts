import { presentApps, stackName } from '../lib/system/apps';
import { step } from '../lib/terminal';
import { deleteStack, describeStack, isCreatedNew } from './stack';

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
