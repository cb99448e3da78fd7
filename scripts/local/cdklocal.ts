#!/usr/bin/env tsx
import { spawn } from 'node:child_process';
import { CommandError } from '../lib/command';
import { confirm } from '../lib/confirm';
import { presentApps, stackName } from '../lib/system/apps';
import { fail, print, printError } from '../lib/terminal';
import { cdklocalProgram } from './deployment/cdk';
import {
  assemblyOf,
  commandOf,
  forSynth,
  isForced,
  optionOf,
  projectStacksOf,
  stacksIn,
  withoutApp,
} from './deployment/cdk-arguments';
import { bootstrap, forgetDeployment } from './deployment/deploy';
import { patchStack } from './deployment/emulator-patch';
import { refreshOutputs } from './deployment/outputs';
import { describeStack, removeStacks, standingOn } from './deployment/stack';
import { prepareUpdate } from './deployment/update';
import { cdkEnvironment } from './emulator/endpoint';
import { findLocalAws, requireLocalAws } from './emulator/local-aws';
import { showDeployed } from './start-view';

// What `npx cdklocal` runs in this project: aws-cdk-local, told where the local AWS is. A first deployment is preceded
// by a bootstrap and each one is followed by what a local AWS needs after it, so that the plain commands are enough.

const changes = ['deploy', 'destroy', 'bootstrap'];

const cdklocal = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cdklocalProgram, ...args], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });

type Call = { readonly endpoint: string; readonly env: NodeJS.ProcessEnv; readonly args: readonly string[] };

const isDeployed = async (endpoint: string): Promise<boolean> => {
  const stacks = await Promise.all(presentApps().map(({ stack }) => describeStack(endpoint, stack)));
  return stacks.some((stack) => stack !== undefined);
};

/** Deploys over what is there, once it is known what changes. */
const redeploy = async ({ endpoint, env, args }: Call): Promise<number> => {
  const assembly = assemblyOf(args);
  if (assembly !== optionOf(args, '--app', '-a')) {
    const code = await cdklocal(['synth', '--quiet', '--output', assembly, ...forSynth(args)], env);
    if (code !== 0) return code;
  }
  for (const stack of stacksIn(assembly))
    await prepareUpdate({ endpoint, stack, assembly, acceptLoss: isForced(args) });
  return cdklocal([...withoutApp(args), '--app', assembly], env);
};

/** The plain `bootstrap`: there is one account and one region, so no app has to say which. */
const prepare = async (endpoint: string): Promise<number> => {
  const done = await bootstrap({ endpoint });
  print(done ? `${endpoint} is bootstrapped` : `${endpoint} was bootstrapped before`);
  return 0;
};

/** What stands on the order system is refused without it, before anything changes. */
const requireOrderSystem = async ({ endpoint, args }: Call): Promise<void> => {
  const own = projectStacksOf(args);
  if (own.length === 0 || own.includes(stackName) || (await describeStack(endpoint)) !== undefined) return;
  throw new CommandError(
    `${own.join(' and ')} stands on the order system. Deploy the order system first: npx cdklocal deploy`,
  );
};

const deploy = async (call: Call): Promise<number> => {
  const { endpoint, env, args } = call;
  await requireOrderSystem(call);
  if (await bootstrap({ endpoint })) printError('This local AWS was bootstrapped first.');
  const code = (await isDeployed(endpoint)) ? await redeploy(call) : await cdklocal(args, env);
  if (code !== 0) return code;
  for (const stack of stacksIn(assemblyOf(args))) await patchStack(endpoint, assemblyOf(args), stack);
  if ((await describeStack(endpoint)) === undefined) return code; // an app that stands on nothing
  showDeployed(await refreshOutputs(endpoint));
  return code;
};

/** What is removed before the app's own stack: what stands on the order system, with that. */
const removedBefore = async ({ endpoint, args }: Call): Promise<readonly string[]> => {
  const own = projectStacksOf(args);
  return own.includes(stackName) ? (await standingOn(endpoint)).filter((stack) => !own.includes(stack)) : [];
};

const afterDestroy = async (endpoint: string): Promise<void> => {
  if ((await describeStack(endpoint)) === undefined) forgetDeployment({ endpoint });
  else await refreshOutputs(endpoint);
};

const questionAbout = (others: readonly string[]): string =>
  others.length === 0
    ? 'Are you sure you want to delete the stack, with all its data?'
    : `Are you sure you want to delete the stack, and ${others.join(' and ')} that stands on it, with all data?`;

/** CDK asks on a terminal. Elsewhere it cannot, and it does not know what else goes, so the question is put here. */
const destroy = async (call: Call): Promise<number> => {
  const { endpoint, env, args } = call;
  const others = await removedBefore(call);
  const asks = !isForced(args) && (others.length > 0 || !process.stdin.isTTY);
  const answer = asks ? await confirm(questionAbout(others)) : 'yes';
  if (answer !== 'yes') {
    print('Nothing was destroyed. Without a question: npx cdklocal destroy --force');
    return answer === 'no' ? 0 : 1;
  }
  await removeStacks(endpoint, others);
  const code = await cdklocal(asks ? [...args, '--force'] : args, env);
  if (code === 0) await afterDestroy(endpoint);
  return code;
};

const main = async (): Promise<number> => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const args = process.argv.slice(2);
  const name = commandOf(args) ?? '';
  const found = changes.includes(name) ? await requireLocalAws() : await findLocalAws();
  const endpoint = found?.endpoint ?? 'http://127.0.0.1:4566';
  const call = { endpoint, env: await cdkEnvironment(endpoint), args };
  const isHelp = args.includes('--help') || args.includes('-h');
  if (name === 'bootstrap' && args.length === 1) return prepare(endpoint);
  if (name === 'deploy' && !isHelp) return deploy(call);
  if (name === 'destroy' && !isHelp) return destroy(call);
  return cdklocal(args, call.env);
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    fail(error instanceof CommandError ? error.message : String(error?.stack ?? error));
    process.exitCode = 1;
  },
);
