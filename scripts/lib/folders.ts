import { join } from 'node:path';

export const projectFolder = join(__dirname, '..', '..');

/** Where everything of the local AWS lives. Nothing in it is worth keeping. */
export const localFolder = join(projectFolder, '.local');
