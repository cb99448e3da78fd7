import {
  CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { CommandError } from '../lib/command';
import { step as runStep, title } from '../lib/terminal';
import type { Context } from './arguments';
import type { AwsAccess } from './aws-access';
import type { RunCdk } from './cdk';
import type { Facts } from './facts';
import { type Step, stepText } from './steps';

export type Site = Pick<Facts, 'account' | 'region' | 'stage'> & {
  readonly access: AwsAccess;
  readonly context: Context;
  readonly cdk: RunCdk;
};

type DeployStep = Extract<Step, { do: 'deploy' }>;

const removalSeconds = 1800;

/** A stack that never got ready may have termination protection already, since CDK sets it before it creates anything. */
const remove = async ({ access }: Site, StackName: string): Promise<void> => {
  const client = new CloudFormationClient(access);
  await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client, maxWaitTime: removalSeconds, minDelay: 2, maxDelay: 15 }, { StackName });
};

/** The arguments of CDK for one deployment of an app. dev goes away with its stack, so nothing of it is protected. */
export const deployArguments = (
  { stage, context }: Pick<Site, 'stage' | 'context'>,
  { app, pass }: DeployStep,
): string[] => {
  const all = { stage, ...context, deletionProtection: stage === 'prod' && pass !== 'first' ? 'on' : 'off' };
  const given = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['deploy', '--all', '--app', `npx tsx ${app}`, '--require-approval', 'never', ...given];
};

const helps: Readonly<Record<DeployStep['pass'], string>> = {
  first: 'What to look at: docs/operations/runbook.md#the-first-deployment-failed. Then run the same command again.',
  protect: 'The stage is deployed, but not protected from deletion yet: run the same command again.',
  update:
    'AWS has put back what was there before, unless it says otherwise above. Fix it and run the same command again.',
};

const deploy = async (site: Site, step: DeployStep): Promise<void> => {
  try {
    await site.cdk(deployArguments(site, step));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`${error.message} ${helps[step.pass]}`, { cause: error });
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
