import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { projectFolder } from '../scripts/lib/folders';

const folders = ['lambda', 'lib'];
const files = ['cdk.json', 'package-lock.json'];

const filesBelow = (folder: string): string[] =>
  readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(projectFolder, join(parentPath, name)).split(sep).join('/'));

/** A hash of what the bench measures: the same wherever the same code is checked out. */
export const measuredSources = (): string => {
  const hash = createHash('sha256');
  const all = [...folders.flatMap(filesBelow), ...files.filter((file) => existsSync(join(projectFolder, file)))];
  for (const file of all.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(projectFolder, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
};
