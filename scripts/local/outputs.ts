import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type System, stackResources, systemFrom } from '../system';
import { region } from './endpoint';
import { localFolder } from './folders';
import { cloudFormationAt } from './stack';

const outputsFile = (folder: string) => join(folder, 'outputs.json');

/** The system on a local AWS. */
export type LocalSystem = System & { readonly endpoint: string };

/** Asks the deployed stack for its addresses and keeps them in `outputs.json`, where other scripts look for them. */
export const writeOutputs = async (endpoint: string, folder = localFolder): Promise<LocalSystem> => {
  const resources = await stackResources(cloudFormationAt(endpoint));
  const outputs = { ...systemFrom(resources, { apiUrl: '' }, { endpoint, region }), endpoint };
  mkdirSync(folder, { recursive: true });
  writeFileSync(outputsFile(folder), `${JSON.stringify(outputs, undefined, 2)}\n`);
  return outputs;
};

export const forgetOutputs = (folder = localFolder): void => rmSync(outputsFile(folder), { force: true });
