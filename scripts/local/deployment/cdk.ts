import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { localFolder, projectFolder } from '../../lib/folders';
import type { CdkApp } from '../../lib/system/apps';
import { cdkEnvironment, region } from '../emulator/endpoint';
import { run } from '../emulator/run';

/** Where to deploy, what of it, and the folder that keeps what is known about it. */
export type Target = {
  readonly endpoint: string;
  /** @default `.local` */
  readonly folder?: string;
  /** What is deployed. What is missing is settled by the app itself. */
  readonly choice?: Readonly<Record<string, string | undefined>>;
};

const modules = join(projectFolder, 'node_modules');
export const cdklocalProgram = join(modules, 'aws-cdk-local', 'bin', 'cdklocal');
const tsx = join(modules, 'tsx', 'dist', 'cli.mjs');
const account = '000000000000';

export const folderOf = ({ folder = localFolder }: Target): string => folder;

/** The folder that an app is synthesized to. */
export const assemblyOf = (target: Target, { stack }: CdkApp): string => join(folderOf(target), 'cdk.out', stack);

/** What is chosen, as names and values of CDK's context. */
export const contextOf = ({ choice = {} }: Target): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(choice).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Runs one command of cdklocal quietly. Throws with the end of its output when it fails. */
export const cdklocal = async (target: Target, name: string, args: readonly string[]): Promise<void> => {
  const folder = folderOf(target);
  mkdirSync(folder, { recursive: true });
  await run({
    program: process.execPath,
    args: [cdklocalProgram, name, ...args, '--no-notices', '--no-version-reporting'],
    log: join(folder, `cdklocal-${name}.log`),
    env: await cdkEnvironment(target.endpoint),
    cwd: folder, // not the project's: without its cdk.json no app is run besides the one that is named
  });
};

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

/** Synthesizes an app as the CDK would, without its command line in between: that takes seconds to start. */
export const synthesize = async (target: Target, app: CdkApp, signal?: AbortSignal): Promise<void> => {
  const { context } = CdkJson.parse(JSON.parse(readFileSync(join(projectFolder, 'cdk.json'), 'utf8')));
  const metadata = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const out = assemblyOf(target, app);
  rmSync(out, { recursive: true, force: true });
  await run({
    program: process.execPath,
    args: [tsx, join(projectFolder, app.program)],
    log: join(folderOf(target), `synth-${app.stack}.log`),
    signal,
    env: {
      ...(await cdkEnvironment(target.endpoint)),
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...metadata, ...contextOf(target) }),
      CDK_DEFAULT_ACCOUNT: account,
      CDK_DEFAULT_REGION: region,
    },
  });
};
