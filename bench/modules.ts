import { build, type Metafile } from 'esbuild';
import { bundling } from '../lib/constructs/bundles';
import type { DeployedFunction } from './assembly';

const lazily = 'dynamic-import';

type Output = Metafile['outputs'][string];

/** The modules that run when the bundle is loaded: those with code in it that nothing imports only later, on demand. */
const evaluated = ({ inputs }: Metafile, { entryPoint = '', inputs: bundled }: Output): string[] => {
  const reached = new Set([entryPoint]);
  for (const file of reached) {
    const imports = inputs[file]?.imports ?? [];
    for (const { path, kind, external } of imports) if (external !== true && kind !== lazily) reached.add(path);
  }
  return [...reached].filter((file) => (bundled[file]?.bytesInOutput ?? 0) > 0);
};

/** Bundles handlers as they are deployed, into memory, and answers what esbuild knows of each. */
const describe = async (handlers: readonly string[]): Promise<Metafile> => {
  const { metafile } = await build({
    ...bundling,
    entryPoints: handlers.map((handler) => `lambda/${handler}.handler.ts`),
    outdir: 'nowhere',
    write: false,
    metafile: true,
  });
  return metafile;
};

const maxDrift = 0.02;

/** Throws when a bundle is so much larger or smaller than the deployed one that it must be another. */
const checkSame = ({ name, bytes }: DeployedFunction, output: Output): void => {
  if (Math.abs(output.bytes / bytes - 1) > maxDrift)
    throw new Error(`bench/modules.ts bundles ${name} otherwise than lib/ does: ${output.bytes} and ${bytes} bytes`);
};

/** How many modules a cold start of each function evaluates, by its name. Yardsticks are left out. */
export const countModules = async (functions: readonly DeployedFunction[]): Promise<Record<string, number>> => {
  const ours = functions.flatMap((fn) => (fn.handler === undefined ? [] : [{ fn, handler: fn.handler }]));
  const metafile = await describe([...new Set(ours.map(({ handler }) => handler))]);
  const outputs = new Map(Object.values(metafile.outputs).map((output) => [output.entryPoint, output]));
  const counted = ours.map(({ fn, handler }) => {
    const output = outputs.get(`lambda/${handler}.handler.ts`);
    if (output === undefined) throw new Error(`esbuild made nothing of ${handler}`);
    checkSame(fn, output);
    return [fn.name, evaluated(metafile, output).length] as const;
  });
  return Object.fromEntries(counted);
};
