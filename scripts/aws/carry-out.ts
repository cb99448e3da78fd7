import {
  CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { CommandError } from '../command';
import { step as runStep, title } from '../terminal';
import type { Context } from './arguments';
import type { RunCdk } from './cdk';
import type { Facts } from './facts';
import type { AwsAccess } from './signed-call';
import { type Step, stepText } from './steps';

export type Site = Pick<Facts, 'account' | 'region' | 'stage'> & {
  readonly access: AwsAccess;
  readonly context: Context;
  readonly cdk: RunCdk;
};

const removalSeconds = 1800;

/** A stack that never got ready may have termination protection already, since CDK sets it before it creates anything. */
const remove = async ({ access }: Site, StackName: string): Promise<void> => {
  const client = new CloudFormationClient(access);
  await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client, maxWaitTime: removalSeconds, minDelay: 2, maxDelay: 15 }, { StackName });
};

/** The arguments of CDK for one deployment of an app. */
export const deployArguments = (
  { stage, context }: Pick<Site, 'stage' | 'context'>,
  { app, pass }: Extract<Step, { do: 'deploy' }>,
): string[] => {
  const all = { stage, ...context, deletionProtection: pass === 'first' ? 'off' : 'on' };
  const given = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['deploy', '--all', '--app', `npx tsx ${app}`, '--require-approval', 'never', ...given];
};

const deploy = async (site: Site, step: Extract<Step, { do: 'deploy' }>): Promise<void> => {
  try {
    await site.cdk(deployArguments(site, step));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const help =
      step.pass === 'first'
        ? 'What to look at: docs/runbook.md#the-first-deployment-failed. Then run the same command again.'
        : 'AWS has put back what was there before, unless it says otherwise above. Mend it and run the same command again.';
    throw new CommandError(`${error.message} ${help}`, { cause: error });
  }
};

/** Does one step after the other, and stops at the first that fails. */
export const carryOut = async (steps: readonly Step[], site: Site): Promise<void> => {
  for (const [at, step] of steps.entries()) {
    const what = `${at + 1} of ${steps.length}: ${stepText(step, site)}`;
    if (step.do === 'remove') {
      await runStep(what, () => remove(site, step.stackName));
      continue;
    }
    title(what);
    if (step.do === 'bootstrap') await site.cdk(['bootstrap', `aws://${site.account}/${site.region}`]);
    else await deploy(site, step);
  }
};
