#!/usr/bin/env tsx
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command';
import { fail, printError } from '../terminal';
import { bootstrap, cdklocalProgram, forgetDeployment, startAfresh } from './deploy';
import { cdkEnvironment, chosenEndpoint } from './endpoint';
import { projectFolder } from './folders';
import { findLocalAws, requireLocalAws } from './local-aws';
import { mendStack } from './mend';
import { runningMiniStack } from './ministack';
import { writeOutputs } from './outputs';

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

// without a terminal nobody can answer CDK's question, and nothing on a local AWS is worth keeping
const withAnswer = (args: readonly string[]): readonly string[] =>
  args[0] === 'destroy' && !process.stdin.isTTY ? [...args, '--force'] : args;

/** What follows a command that went well. */
const settle = async (name: string, endpoint: string, args: readonly string[]): Promise<void> => {
  if (name === 'deploy') await mendStack(endpoint, assemblyOf(args));
  // whoever chooses an endpoint finds the system there; the notes are about the usual one
  if (chosenEndpoint() !== undefined && endpoint !== runningMiniStack()?.endpoint) return;
  if (name === 'deploy') await writeOutputs(endpoint);
  if (name === 'destroy') forgetDeployment();
};

const main = async (): Promise<number> => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const args = process.argv.slice(2);
  const [name = ''] = args;
  const found = changes.includes(name) ? await requireLocalAws() : await findLocalAws();
  const endpoint = found?.endpoint ?? 'http://127.0.0.1:4566';
  if (name === 'deploy' && (await bootstrap({ endpoint }))) printError('This local AWS was bootstrapped first.');
  const code = await cdklocal(withAnswer(args), await cdkEnvironment(endpoint));
  if (code === 0) await settle(name, endpoint, args);
  else if (name === 'deploy') printError(`${startAfresh}  npx cdklocal destroy && npx cdklocal deploy`);
  return code;
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
