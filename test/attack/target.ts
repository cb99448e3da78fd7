import { CommandError, UsageError } from '../../scripts/lib/command';
import { findSystem } from '../../scripts/lib/system/system';
import { runningSimulator } from '../../scripts/local/simulator';
import { awsEnvironment } from '../support/flow-system';

const isLoopback = (url: string): boolean => /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(url).hostname);

const refuseOthers = (url: string): string => {
  if (isLoopback(url)) return new URL(url).origin;
  throw new CommandError(`${url} is not on this machine: attacks go to loopback addresses alone.`);
};

const endpointOf = (url: string): string => {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`--url "${url}": must be an address such as http://127.0.0.1:4566. See --help.`);
  return refuseOthers(url);
};

type Environment = Record<string, string | undefined>;

/**
 * Finds the running system and points this process at it by its environment, as the flow tests are. Throws when there is
 * none, and for one that is not on this machine.
 */
export const aim = async (url: string | undefined, env: Environment = process.env): Promise<void> => {
  const asked = url === undefined ? env : { ...env, AWS_ENDPOINT_URL: endpointOf(url), SYSTEM_OUTPUTS: undefined };
  const { endpoint = 'AWS' } = await findSystem({}, asked);
  const simulator = runningSimulator()?.url ?? 'http://127.0.0.1:4570';
  Object.assign(env, { FLOW_SIMULATOR_URL: simulator }, awsEnvironment(refuseOthers(endpoint)));
};
