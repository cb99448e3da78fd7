import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Artifact = z.object({
  type: z.string(),
  properties: z.object({ stackName: z.string().optional().catch(undefined) }).optional(),
});
const Manifest = z.object({ artifacts: z.record(z.string(), Artifact).default({}) });

/** The stacks of a synthesized app. Not what else its folder holds: the CDK leaves there what other apps have written. */
export const stacksIn = (assembly: string): readonly string[] => {
  const file = join(assembly, 'manifest.json');
  if (!existsSync(file)) return [];
  const { artifacts } = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => properties?.stackName ?? id);
};
