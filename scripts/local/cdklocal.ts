#!/usr/bin/env tsx
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { presentApps } from '../apps';
import { CommandError } from '../command';
import { fail, print, printError } from '../terminal';
import { stacksIn } from './assembly';
import { cdklocalProgram } from './cdk';
import { confirm } from './confirm';
import { bootstrap, forgetDeployment } from './deploy';
import { cdkEnvironment, chosenEndpoint } from './endpoint';
import { projectFolder } from './folders';
import { findLocalAws, requireLocalAws } from './local-aws';
import { mendStack } from './mend';
import { runningMiniStack } from './ministack';
import { readSystem, writeOutputs } from './outputs';
import { describeStack } from './stack';
import { prepareUpdate } from './update';

// What `npx cdklocal` runs in this project: aws-cdk-local, told where the local AWS is. A first deployment is preceded
// by a bootstrap and each one is followed by what a local AWS needs after it, so that the plain commands are enough.

const changes = ['deploy', 'destroy', 'bootstrap'];

const cdklocal = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cdklocalProgram, ...args], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });

const optionOf = (args: readonly string[], ...names: readonly string[]): string | undefined => {
  const at = args.findIndex((word) => names.some((name) => word === name || word.startsWith(`${name}=`)));
  if (at < 0) return undefined;
  const word = args[at];
  return word?.includes('=') ? word.slice(word.indexOf('=') + 1) : args[at + 1];
};

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

const assemblyOf = (args: readonly string[]): string => {
  const app = optionOf(args, '--app', '-a');
  if (app !== undefined && isFolder(app)) return app;
  return optionOf(args, '--output', '-o') ?? join(projectFolder, 'cdk.out');
};

const synthOptions = ['--context', '-c', '--app', '-a', '--profile'];

/** Those of a deployment's options that decide what is synthesized, with their values. */
const forSynth = (args: readonly string[]): readonly string[] =>
  args.filter((word, index) => {
    const isOption = (text = '') => synthOptions.some((name) => text === name || text.startsWith(`${name}=`));
    return isOption(word) || synthOptions.includes(args[index - 1] ?? '');
  });

const namesApp = (word = ''): boolean => ['--app', '-a', '--output', '-o'].includes(word);

/** A deployment's options without those that say where its app is. */
const withoutApp = (args: readonly string[]): readonly string[] =>
  args.filter((word, index) => !namesApp(word) && !namesApp(args[index - 1]) && !/^--(app|output)=/.test(word));

const isForced = (args: readonly string[]): boolean => ['--force', '-f'].some((name) => args.includes(name));

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

const deploy = async (call: Call): Promise<number> => {
  const { endpoint, env, args } = call;
  if (await bootstrap({ endpoint })) printError('This local AWS was bootstrapped first.');
  const code = (await isDeployed(endpoint)) ? await redeploy(call) : await cdklocal(args, env);
  if (code !== 0) return code;
  for (const stack of stacksIn(assemblyOf(args))) await mendStack(endpoint, assemblyOf(args), stack);
  const system = isUsual(endpoint) ? await writeOutputs(endpoint) : await readSystem(endpoint);
  print(`\nIt answers at ${system.apiUrl}`);
  if (system.liveUrl !== undefined) print(`Live status:  ${system.liveUrl}`);
  return code;
};

/** CDK asks on a terminal. Elsewhere it cannot, so the question is put here. */
const destroy = async ({ endpoint, env, args }: Call): Promise<number> => {
  const asks = !isForced(args) && !process.stdin.isTTY;
  const answer = asks ? await confirm('Are you sure you want to delete the stack, with all its data?') : 'yes';
  if (answer !== 'yes') {
    print('Nothing was destroyed. Without a question: npx cdklocal destroy --force');
    return answer === 'no' ? 0 : 1;
  }
  const code = await cdklocal(asks ? [...args, '--force'] : args, env);
  if (code === 0 && isUsual(endpoint)) forgetDeployment();
  return code;
};

// whoever chooses an endpoint finds the system there; the notes are about the usual one
const isUsual = (endpoint: string): boolean =>
  chosenEndpoint() === undefined || endpoint === runningMiniStack()?.endpoint;

const main = async (): Promise<number> => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const args = process.argv.slice(2);
  const [name = ''] = args;
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
