import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { projectFolder } from '../../lib/folders';
import { presentApps, stackName } from '../../lib/system/apps';

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

// The command line of the CDK, as far as a local AWS has to know it.

const commands =
  'acknowledge ack bootstrap context deploy destroy diff docs doc doctor drift flags gc import init list ls metadata migrate notices orphan publish-assets refactor rollback synth synthesize watch'.split(
    ' ',
  );

const withValue =
  '--app -a --output -o --context -c --profile --plugin -p --role-arn -r --toolkit-stack-name --proxy --ca-bundle-path --require-approval --method --parameters --outputs-file -O --change-set-name --build-exclude -E --tags -t'.split(
    ' ',
  );

const isValue = (words: readonly string[], index: number): boolean => withValue.includes(words[index - 1] ?? '');

/** The command among the words, wherever it is: the first that is one and no option's value. */
export const commandOf = (words: readonly string[]): string | undefined =>
  words.find((word, index) => commands.includes(word) && !isValue(words, index));

/** The value of an option, by any of its names. */
export const optionOf = (words: readonly string[], ...names: readonly string[]): string | undefined => {
  const at = words.findIndex((word) => names.some((name) => word === name || word.startsWith(`${name}=`)));
  if (at < 0) return undefined;
  const word = words[at];
  return word?.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
};

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** The folder that the app is synthesized to, or is in already. */
export const assemblyOf = (words: readonly string[]): string => {
  const app = optionOf(words, '--app', '-a');
  if (app !== undefined && isFolder(app)) return app;
  return optionOf(words, '--output', '-o') ?? join(projectFolder, 'cdk.out');
};

/** Those of the project's stacks that the app has: that of cdk.json's when none is named, none of an unknown app. */
export const projectStacksOf = (words: readonly string[]): readonly string[] => {
  const app = optionOf(words, '--app', '-a');
  if (app === undefined) return [stackName];
  const inFolder = isFolder(app) ? stacksIn(app) : [];
  return presentApps()
    .filter(({ stack, program }) => inFolder.includes(stack) || app.includes(program))
    .map(({ stack }) => stack);
};

const synthOptions = ['--context', '-c', '--app', '-a', '--profile'];

/** Those of a deployment's options that decide what is synthesized, with their values. */
export const forSynth = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => {
    const isOption = synthOptions.some((name) => word === name || word.startsWith(`${name}=`));
    return isOption || synthOptions.includes(words[index - 1] ?? '');
  });

const namesApp = (word = ''): boolean => ['--app', '-a', '--output', '-o'].includes(word);

/** A deployment's options without those that say where its app is. */
export const withoutApp = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => !namesApp(word) && !namesApp(words[index - 1]) && !/^--(app|output)=/.test(word));

/** Whether nothing is to be asked. */
export const isForced = (words: readonly string[]): boolean => ['--force', '-f'].some((name) => words.includes(name));
