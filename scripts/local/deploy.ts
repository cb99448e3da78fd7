import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { CommandError } from '../command';
import { stackName } from '../system';
import { ok, step } from '../terminal';
import { cdkEnvironment, region } from './endpoint';
import { localFolder, projectFolder } from './folders';
import { mendStack } from './mend';
import { forgetOutputs, type LocalSystem, writeOutputs } from './outputs';
import { run } from './run';
import { hashSources } from './sources';
import { describeStack, isWhole } from './stack';

/** Where to deploy, and the folder that keeps what is known about it. */
export type Target = {
  readonly endpoint: string;
  /** @default `.local` */
  readonly folder?: string;
  /** Who keeps the accounts: `none` for a local AWS without Cognito. @default cognito */
  readonly auth?: string | undefined;
  /** `off` for a local AWS without WebSocket APIs. @default on */
  readonly live?: string | undefined;
};

export const cdklocalProgram = join(projectFolder, 'node_modules', 'aws-cdk-local', 'bin', 'cdklocal');
const assemblyOf = ({ folder = localFolder }: Target) => join(folder, 'cdk.out');
const deploymentFile = ({ folder = localFolder }: Target) => join(folder, 'deployment.json');

const cdklocal = async (target: Target, name: string, ...args: string[]): Promise<void> => {
  const log = join(target.folder ?? localFolder, `cdklocal-${name}.log`);
  const quiet = ['--no-notices', '--no-version-reporting'];
  const env = await cdkEnvironment(target.endpoint);
  await run({ program: process.execPath, args: [cdklocalProgram, name, ...args, ...quiet], log, env });
};

const Deployment = z.object({ stackId: z.string(), changedAt: z.string(), sources: z.string() });

// the ID differs for every new stack, the time for every update: whoever made them, they are never taken for ours
const describeDeployment = (
  { auth = 'cognito', live = 'on' }: Target,
  { StackId = '', LastUpdatedTime, CreationTime }: Stack,
): z.infer<typeof Deployment> => ({
  stackId: StackId,
  changedAt: (LastUpdatedTime ?? CreationTime)?.toISOString() ?? '',
  sources: `${hashSources()} auth=${auth} live=${live}`,
});

const isUnchanged = (target: Target, stack: Stack | undefined): boolean => {
  if (!isWhole(stack) || !existsSync(deploymentFile(target))) return false;
  const { data } = Deployment.safeParse(JSON.parse(readFileSync(deploymentFile(target), 'utf8')));
  return JSON.stringify(data) === JSON.stringify(describeDeployment(target, stack));
};

/** Makes the endpoint ready for CDK's deployments, once. Answers whether there was anything to do. */
export const bootstrap = async (target: Target, ...options: string[]): Promise<boolean> => {
  if (isWhole(await describeStack(target.endpoint, 'CDKToolkit'))) return false;
  await cdklocal(target, 'bootstrap', `aws://000000000000/${region}`, ...options);
  return true;
};

/** What to say before the command that helps when a deployment has failed. */
export const startAfresh =
  'A MiniStack cannot change the routes of a deployed API. When they have changed, or it goes on failing, start afresh:';

const deploy = async (target: Target, app: readonly string[]): Promise<void> => {
  try {
    await cdklocal(target, 'deploy', stackName, ...app, '--require-approval', 'never');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`${error.message}\n\n${startAfresh}  npm run destroy && npm start`);
  }
};

const remember = async (target: Target): Promise<void> => {
  const stack = await describeStack(target.endpoint);
  if (isWhole(stack)) writeFileSync(deploymentFile(target), JSON.stringify(describeDeployment(target, stack)));
};

/** Deploys the stack with what a local AWS needs before and after it, step by step. Quick when nothing has changed. */
export const deploySystem = async (target: Target): Promise<{ system: LocalSystem; changed: boolean }> => {
  if (isUnchanged(target, await describeStack(target.endpoint))) {
    ok(`${stackName} is deployed and unchanged`);
    return { system: await writeOutputs(target.endpoint, target.folder), changed: false };
  }
  const assembly = assemblyOf(target);
  const app = ['--app', assembly];
  const { auth = 'cognito', live = 'on' } = target;
  const context = ['--context', `auth=${auth}`, '--context', `live=${live}`];
  await step('cdklocal synth', () => cdklocal(target, 'synth', '--quiet', '--output', assembly, ...context));
  await step('cdklocal bootstrap', async (tell) => {
    if (!(await bootstrap(target, ...app))) tell('done before');
  });
  await step('cdklocal deploy', () => deploy(target, app));
  await mendStack(target.endpoint, assembly);
  const system = await writeOutputs(target.endpoint, target.folder);
  await remember(target);
  return { system, changed: true };
};

/** Forgets what is known about the stack that was deployed. */
export const forgetDeployment = (folder = localFolder): void => {
  rmSync(deploymentFile({ endpoint: '', folder }), { force: true });
  forgetOutputs(folder);
};

/** Removes the stack with all its data. Answers whether there was one. */
export const destroySystem = async (target: Target): Promise<boolean> => {
  const stack = await describeStack(target.endpoint);
  if (stack !== undefined) await cdklocal(target, 'destroy', stackName, '--force');
  forgetDeployment(target.folder);
  return stack !== undefined;
};
