import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allResources } from '../stack-resources';
import { type System, systemFrom } from '../system';
import { region } from './endpoint';
import { localFolder } from './folders';
import { cloudFormationAt } from './stack';

const outputsFile = (folder: string) => join(folder, 'outputs.json');

/** The system on a local AWS. */
export type LocalSystem = System & { readonly endpoint: string };

/** Asks the deployed stacks for their addresses. */
export const readSystem = async (endpoint: string): Promise<LocalSystem> => {
  const resources = await allResources(cloudFormationAt(endpoint));
  return { ...systemFrom(resources, { apiUrl: '' }, { endpoint, region }), endpoint };
};

/** The same, and keeps them in `outputs.json`, where other scripts look for them. */
export const writeOutputs = async (endpoint: string, folder = localFolder): Promise<LocalSystem> => {
  const outputs = await readSystem(endpoint);
  mkdirSync(folder, { recursive: true });
  writeFileSync(outputsFile(folder), `${JSON.stringify(outputs, undefined, 2)}\n`);
  return outputs;
};

export const forgetOutputs = (folder = localFolder): void => rmSync(outputsFile(folder), { force: true });
