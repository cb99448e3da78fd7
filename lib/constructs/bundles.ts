import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const project = join(__dirname, '..', '..');
const cache = join(project, '.local', 'bundles');

const kernel = (file: string): string => join(project, 'lambda', 'kernel', file);

/** Parts of the SDK that no function needs, each with the small module that stands in for it. */
const standIns = {
  '@aws-sdk/credential-provider-node': kernel('aws/lambda-credentials.ts'),
  '@aws-sdk/endpoint-cache': kernel('aws/no-endpoint-cache.ts'),
  '@smithy/core/checksum': kernel('aws/node-checksum.ts'),
  '@smithy/core/event-streams': kernel('aws/no-event-streams.ts'),
};

/** How every handler is bundled. */
export const bundling = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  charset: 'utf8', // Japanese takes half the bytes that escapes take
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
  alias: standIns,
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
} as const satisfies BuildOptions;

const sources = (): string[] =>
  readdirSync(join(project, 'lambda'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('lambda', file))
    .sort();

/** Changes when any bundle may have changed. */
const hashOf = (files: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(bundling));
  for (const file of [...files, 'package-lock.json'])
    hash.update(`${file}\0`).update(readFileSync(join(project, file)));
  return hash.digest('hex').slice(0, 16);
};

const day = 24 * 60 * 60 * 1000;

/** Deletes what no synthesis has used for a day. */
const forgetUnused = (): void => {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > day) rmSync(folder, { recursive: true, force: true });
  }
};

const build = (files: readonly string[], folder: string): void => {
  const unfinished = `${folder}-${randomUUID()}`;
  mkdirSync(unfinished, { recursive: true });
  const entryPoints = files
    .filter((file) => file.endsWith('.handler.ts'))
    .map((file) => ({
      in: join(project, file),
      out: join(file.slice('lambda/'.length, -'.handler.ts'.length), 'index'),
    }));
  buildSync({ ...bundling, absWorkingDir: project, entryPoints, outdir: unfinished });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else somebody else was quicker
  }
};

let made: string | undefined;

/** Builds every handler in one run of esbuild, unless nothing has changed since the last one. */
const bundles = (): string => {
  if (made !== undefined) return made;
  const files = sources();
  const folder = join(cache, hashOf(files));
  if (!existsSync(folder)) build(files, folder);
  utimesSync(folder, new Date(), new Date());
  forgetUnused();
  made = folder;
  return folder;
};

/**
 * Returns the folder of one handler's code, `order/place-order`: `index.mjs`, with copies of these files of the project
 * beside it. Throws when the code does not build.
 */
export const bundleOf = (handler: string, files: readonly string[]): string => {
  const folder = join(bundles(), handler);
  for (const file of files) cpSync(join(project, file), join(folder, basename(file)));
  return folder;
};
