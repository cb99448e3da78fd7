import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { localFolder } from '../../lib/folders';
import { allResources } from '../../lib/system/stack-resources';
import { type System, systemFrom } from '../../lib/system/system';
import { chosenEndpoint, region } from '../emulator/endpoint';
import { runningMiniStack } from '../emulator/ministack';
import { cloudFormationAt } from './stack';

const outputsFile = (folder: string) => join(folder, 'outputs.json');

/** The system on a local AWS. */
export type LocalSystem = System & { readonly endpoint: string };

/** Asks the deployed stacks for their addresses. */
const readSystem = async (endpoint: string): Promise<LocalSystem> => {
  const resources = await allResources(cloudFormationAt(endpoint));
  return { ...systemFrom(resources, { apiUrl: '' }, { endpoint, region }), endpoint };
};

/** The same, and keeps them in `outputs.json`, where other scripts look for them. */
const writeOutputs = async (endpoint: string, folder = localFolder): Promise<LocalSystem> => {
  const outputs = await readSystem(endpoint);
  mkdirSync(folder, { recursive: true });
  writeFileSync(outputsFile(folder), `${JSON.stringify(outputs, undefined, 2)}\n`);
  return outputs;
};

const Noted = z.object({ endpoint: z.string() });

/** The endpoint that `outputs.json` is about. Returns undefined when there is none, or it cannot be read. */
const notedEndpoint = (folder: string): string | undefined => {
  const file = outputsFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return Noted.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.endpoint;
  } catch {
    return undefined; // broken: it is about nothing
  }
};

/**
 * Whether `outputs.json` is to tell of this endpoint: it is that of the MiniStack that runs here, or, when none does, the
 * usual one or the one that the file is about. Whoever chooses another endpoint finds the system there.
 */
export const isNoted = (endpoint: string, folder = localFolder, env = process.env): boolean => {
  const own = runningMiniStack(folder);
  if (own !== undefined) return own.endpoint === endpoint;
  return chosenEndpoint(env) === undefined || notedEndpoint(folder) === endpoint;
};

/** The same as `writeOutputs`, but what is noted of a MiniStack that runs here at another endpoint stays. */
export const noteOutputs = (endpoint: string, folder = localFolder): Promise<LocalSystem> =>
  (runningMiniStack(folder)?.endpoint ?? endpoint) === endpoint ? writeOutputs(endpoint, folder) : readSystem(endpoint);

/** Asks the deployed stacks for their addresses, and keeps them where `outputs.json` is about this endpoint. */
export const refreshOutputs = (endpoint: string): Promise<LocalSystem> =>
  isNoted(endpoint) ? writeOutputs(endpoint) : readSystem(endpoint);

/** Forgets the system at this endpoint. What is noted of another stays. */
export const forgetOutputs = (endpoint: string, folder = localFolder): void => {
  if (notedEndpoint(folder) === endpoint) rmSync(outputsFile(folder), { force: true });
};
