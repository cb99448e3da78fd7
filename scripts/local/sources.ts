import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../lib/folders';

const folders = ['bin', 'lib', 'lambda'];
const files = ['cdk.json', 'cdk.context.json', 'package-lock.json'];

const filesBelow = (folder: string): string[] =>
  readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** A hash of everything the stack is made of: it changes when the stack may have changed. */
export const hashSources = (): string => {
  const all = [...folders.flatMap(filesBelow), ...files.map((file) => join(projectFolder, file)).filter(existsSync)];
  const hash = createHash('sha256');
  for (const file of all.sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
};
