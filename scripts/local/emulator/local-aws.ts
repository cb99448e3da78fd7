import { CommandError } from '../../lib/command';
import { elapsed } from '../../lib/terminal';
import { chosenEndpoint } from './endpoint';
import { runningMiniStack } from './ministack';
import { type LocalAwsKind, type Recognition, recognise } from './recognition';

/** The local AWS in use. */
export type Found = LocalAwsKind & { readonly endpoint: string };

const endpointInUse = (): string => chosenEndpoint() ?? runningMiniStack()?.endpoint ?? 'http://127.0.0.1:4566';

/** What to do about an endpoint at which no local AWS answers. */
export const whyNot = (endpoint: string, found: Exclude<Recognition, { kind: 'aws' }>): string => {
  const chosen = chosenEndpoint() !== undefined;
  const place = chosen ? `AWS_ENDPOINT_URL=${endpoint}` : endpoint;
  const instead = 'or unset AWS_ENDPOINT_URL to let npm start run a local AWS of its own.';
  switch (found.kind) {
    case 'nothing':
      return chosen
        ? `Nothing answers at ${place}.\nStart it, ${instead}`
        : 'No local AWS is running. Start it with: npm start';
    case 'no answer':
      return `${place} takes connections, but gives no answer within ${elapsed(found.timeoutMs)}.\nTry again when it has started${chosen ? `, ${instead}` : '.'}`;
    case 'other program':
      return `What answers at ${place} is no AWS: a signed call of sts GetCallerIdentity gets "${found.answer}".\n${chosen ? `Correct the address, ${instead}` : 'End it, or run the local AWS on another port: npm start -- --port 4567'}`;
  }
};

/** The local AWS that the caller chose, or the one that was started from here, or one on the usual port. */
export const findLocalAws = async (): Promise<Found | undefined> => {
  const endpoint = endpointInUse();
  const found = await recognise(endpoint);
  return found.kind === 'aws' ? { endpoint, name: found.name, flavour: found.flavour } : undefined;
};

/** The same. Throws with what to do when none answers. */
export const requireLocalAws = async (): Promise<Found> => {
  const endpoint = endpointInUse();
  const found = await recognise(endpoint);
  if (found.kind === 'aws') return { endpoint, name: found.name, flavour: found.flavour };
  throw new CommandError(whyNot(endpoint, found));
};
