import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { projectFolder } from '../../lib/folders';
import type { CdkApp } from '../../lib/system/apps';
import { assemblyOf, contextOf, folderOf, type Target } from './cdk';
import { describeStack, isWhole } from './stack';

const folders = ['bin', 'lib', 'lambda'];
const files = ['cdk.json', 'cdk.context.json', 'package-lock.json'];

const filesBelow = (folder: string): string[] =>
  readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** A hash of everything the stack is made of: it changes when the stack may have changed. */
const hashSources = (): string => {
  const all = [...folders.flatMap(filesBelow), ...files.map((file) => join(projectFolder, file)).filter(existsSync)];
  const hash = createHash('sha256');
  for (const file of all.sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
};

const Deployment = z.object({
  stackId: z.string(),
  changedAt: z.string(),
  sources: z.string(),
  template: z.string(),
});
const Deployments = z.record(z.string(), Deployment);
type Deployments = z.infer<typeof Deployments>;

/** Of each local AWS by its endpoint. */
const Everywhere = z.record(z.string(), Deployments);
type Everywhere = z.infer<typeof Everywhere>;

const fileOf = (target: Target): string => join(folderOf(target), 'deployments.json');

const readEverywhere = (target: Target): Everywhere => {
  const file = fileOf(target);
  return existsSync(file) ? (Everywhere.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? {}) : {};
};

const readAll = (target: Target): Deployments => readEverywhere(target)[target.endpoint] ?? {};

const writeEverywhere = (target: Target, all: Everywhere): void => {
  mkdirSync(folderOf(target), { recursive: true });
  writeFileSync(fileOf(target), JSON.stringify(all));
};

const sourcesOf = (target: Target): string => `${hashSources()} ${JSON.stringify(contextOf(target))}`;

const templateOf = (target: Target, app: CdkApp): string => {
  const file = join(assemblyOf(target, app), `${app.stack}.template.json`);
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
};

/** What is noted of the stack that is deployed now: its ID and time tell it from any that somebody else has made. */
const noteOf = (target: Target, app: CdkApp, stack: Stack | undefined): z.infer<typeof Deployment> | undefined => {
  const noted = readAll(target)[app.stack];
  if (noted === undefined || !isWhole(stack)) return undefined;
  return noted.stackId === stack.StackId && noted.changedAt === changedAt(stack) ? noted : undefined;
};

const changedAt = ({ LastUpdatedTime, CreationTime }: Stack): string =>
  (LastUpdatedTime ?? CreationTime)?.toISOString() ?? '';

/** Whether the stack was deployed from the sources as they are now. */
export const isUpToDate = async (target: Target, app: CdkApp): Promise<boolean> =>
  noteOf(target, app, await describeStack(target.endpoint, app.stack))?.sources === sourcesOf(target);

/** Whether the stack was deployed from the template that was synthesized now. */
export const isSameTemplate = async (target: Target, app: CdkApp): Promise<boolean> =>
  noteOf(target, app, await describeStack(target.endpoint, app.stack))?.template === templateOf(target, app);

/** Notes what was deployed, so that the next time only what has changed is. */
export const noteDeployment = async (target: Target, app: CdkApp): Promise<void> => {
  const stack = await describeStack(target.endpoint, app.stack);
  if (!isWhole(stack)) return;
  const note = {
    stackId: stack.StackId ?? '',
    changedAt: changedAt(stack),
    sources: sourcesOf(target),
    template: templateOf(target, app),
  };
  writeEverywhere(target, { ...readEverywhere(target), [target.endpoint]: { ...readAll(target), [app.stack]: note } });
};

/** Forgets what is known about the stacks that were deployed to this endpoint. */
export const forgetDeployments = (target: Target): void => {
  const { [target.endpoint]: _, ...others } = readEverywhere(target);
  if (Object.keys(others).length > 0) writeEverywhere(target, others);
  else rmSync(fileOf(target), { force: true });
};
