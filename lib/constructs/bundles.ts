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

/** Modules of the SDK that no function needs, each with its small replacement. */
const replacements = {
  '@aws-sdk/credential-provider-node': kernel('aws/lambda-credentials.ts'),
  '@aws-sdk/endpoint-cache': kernel('aws/no-endpoint-cache.ts'),
  '@smithy/core/checksum': kernel('aws/node-checksum.ts'),
  '@smithy/core/event-streams': kernel('aws/no-event-streams.ts'),
};

/** The esbuild options of every handler. */
export const bundling = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  charset: 'utf8', // Japanese needs half the bytes of escapes
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
  alias: replacements,
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
} as const satisfies BuildOptions;

const sources = (): string[] =>
  readdirSync(join(project, 'lambda'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('lambda', file))
    .sort();

/** Returns a hash that changes when any bundle may have changed. */
const hashOf = (files: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(bundling));
  for (const file of [...files, 'package-lock.json'])
    hash.update(`${file}\0`).update(readFileSync(join(project, file)));
  return hash.digest('hex').slice(0, 16);
};

const day = 24 * 60 * 60 * 1000;

/** Deletes bundles that no synthesis has used for a day. */
const deleteUnused = (): void => {
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
    if (!existsSync(folder)) throw error; // else a concurrent build was faster
  }
};

let built: string | undefined;

/** Builds every handler in one run of esbuild, unless nothing has changed since the last one. */
const bundles = (): string => {
  if (built !== undefined) return built;
  const files = sources();
  const folder = join(cache, hashOf(files));
  if (!existsSync(folder)) build(files, folder);
  utimesSync(folder, new Date(), new Date());
  deleteUnused();
  built = folder;
  return folder;
};

/**
 * Returns the folder with the bundle of a handler such as `order/place-order`: `index.mjs` and copies of `files`.
 * Throws when the code does not build.
 */
export const bundleOf = (handler: string, files: readonly string[]): string => {
  const folder = join(bundles(), handler);
  for (const file of files) cpSync(join(project, file), join(folder, basename(file)));
  return folder;
};
