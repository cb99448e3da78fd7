import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { localFolder } from '../../../scripts/lib/folders';
import type { Report } from '../../../scripts/lib/terminal';
import { installTool, type PythonTool, pythonOf } from '../../../scripts/local/emulator/python';
import { type StageName, type Synthesized, stackOf, storefrontOf, synthesized } from '../../lib/stacks';
import type { Outcome } from '../part';
import { jsonOf, outputOf } from './output';

const cfnLint: PythonTool = {
  what: 'cfn-lint, which reads the templates,',
  requirements: join(__dirname, 'requirements.txt'),
  venv: join(localFolder, 'cfn-lint-venv'),
  leastMinor: 10,
  log: join(localFolder, 'cfn-lint-install.log'),
};

/** Where somebody deploys: what is right in one region may be unknown in another. */
const regions = ['us-east-1', 'ap-northeast-1'];

const stages: readonly StageName[] = ['local', 'dev', 'prod'];

/** Writes the template of each app in each stage into a folder. Returns the files. */
const writeTemplates = (folder: string): string[] => {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, { template }: Synthesized): string => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(template, undefined, 1));
    return file;
  };
  return stages.flatMap((stage) => [
    write(`order-system-${stage}`, synthesized(stackOf(stage).stack)),
    write(`storefront-${stage}`, synthesized(storefrontOf(stage).stack)),
  ]);
};

const Found = z.array(
  z.object({
    Filename: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullish() }),
  }),
);

/** cfn-lint over templates at warnings. No rule is turned off. */
export const lintFiles = async (files: readonly string[]): Promise<Outcome> => {
  await installTool(cfnLint);
  const args = ['--regions', ...regions, '--format', 'json', '--template', ...files];
  const found = Found.parse(jsonOf(await outputOf(join(pythonOf(cfnLint), '..', 'cfn-lint'), args)));
  const broken = found.map(({ Filename, Message, Rule, Location }) => ({
    what: `${basename(Filename)} ${(Location.Path ?? []).join('/')}: ${Rule.Id} ${Message}`,
  }));
  return { tried: files.length, broken };
};

/** cfn-lint over the templates of both apps in every stage. */
export const lintTemplates = async (report: Report): Promise<Outcome> => {
  report('the templates are synthesized');
  const files = writeTemplates(join(localFolder, 'attack', 'templates'));
  report('cfn-lint reads them');
  return lintFiles(files);
};
