import { CommandError } from '../command';
import { chosenEndpoint, type Flavour, flavourOf } from './endpoint';
import { runningMiniStack } from './ministack';

/** The local AWS in use. */
export type Found = { readonly endpoint: string; readonly flavour: Flavour };

/** The local AWS that the caller chose, or the one that was started from here, or one on the usual port. */
export const findLocalAws = async (): Promise<Found | undefined> => {
  const endpoint = chosenEndpoint() ?? runningMiniStack()?.endpoint ?? 'http://127.0.0.1:4566';
  const flavour = await flavourOf(endpoint);
  return flavour && { endpoint, flavour };
};

/** The same. Throws with what to do when none answers. */
export const requireLocalAws = async (): Promise<Found> => {
  const found = await findLocalAws();
  if (found !== undefined) return found;
  const chosen = chosenEndpoint();
  throw new CommandError(
    chosen === undefined
      ? 'No local AWS is running. Start it with: npm start'
      : `Nothing answers at AWS_ENDPOINT_URL=${chosen}.\nStart it, or unset AWS_ENDPOINT_URL to let npm start run a local AWS of its own.`,
  );
};
