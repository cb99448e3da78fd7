import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../lib/command';
import { projectFolder } from '../lib/folders';
import type { Stage } from '../lib/system/stage';
import type { Context } from './arguments';

const Artifact = z.object({
  type: z.string(),
  properties: z
    .object({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      requiresBootstrapStackVersion: z.int().optional(),
    })
    .optional(),
});
const Manifest = z.object({ artifacts: z.record(z.string(), Artifact) });
const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});

/** The kinds of resources whose names an account has once in a region, by the property that holds the name. */
const nameProperties = {
  'AWS::DynamoDB::GlobalTable': ['table', 'TableName'],
  'AWS::DynamoDB::Table': ['table', 'TableName'],
  'AWS::SQS::Queue': ['queue', 'QueueName'],
  'AWS::SNS::Topic': ['topic', 'TopicName'],
  'AWS::SecretsManager::Secret': ['secret', 'Name'],
} as const;
export type NamedKind = (typeof nameProperties)[keyof typeof nameProperties][0];

/** Something that has a name of its own: a table, a queue, a topic or a secret. */
export type Named = { readonly kind: NamedKind; readonly name: string };

/** What an app would deploy, as its template says. */
export type PlannedStack = {
  /** The app's file: `bin/order-system.ts`. */
  readonly app: string;
  readonly stackName: string;
  readonly named: readonly Named[];
  /** Whether accounts' mails go by Cognito's own sender, which sends 50 a day. */
  readonly mailsByCognito: boolean;
  /** How much concurrency its functions reserve together. */
  readonly reservedConcurrency: number;
  /** The version of CDK's bootstrap stack that it needs. */
  readonly bootstrapVersion: number;
};

const isNamedType = (type: string): type is keyof typeof nameProperties => Object.hasOwn(nameProperties, type);

type Resource = z.infer<typeof Template>['Resources'][string];

const namedOf = ({ Type, Properties = {} }: Resource): Named[] => {
  if (!isNamedType(Type)) return [];
  const [kind, property] = nameProperties[Type];
  const name = Properties[property];
  return typeof name === 'string' ? [{ kind, name }] : [];
};

const OwnMail = z.object({ EmailSendingAccount: z.literal('DEVELOPER') });

const plannedFrom = (folder: string, app: string): PlannedStack[] => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const { artifacts } = Manifest.parse(read('manifest.json'));
  return Object.entries(artifacts).flatMap(([id, { type, properties = {} }]) => {
    if (type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
    const resources = Object.values(Template.parse(read(properties.templateFile)).Resources);
    const pools = resources.filter(({ Type }) => Type === 'AWS::Cognito::UserPool');
    return {
      app,
      stackName: properties.stackName ?? id,
      named: resources.flatMap(namedOf),
      mailsByCognito: pools.some(({ Properties }) => !OwnMail.safeParse(Properties?.EmailConfiguration).success),
      reservedConcurrency: resources
        .map(({ Properties }) => Number(Properties?.ReservedConcurrentExecutions ?? 0))
        .reduce((sum, reserved) => sum + reserved, 0),
      bootstrapVersion: properties.requiresBootstrapStackVersion ?? 0,
    };
  });
};

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).optional() });

/** The context that cdk.json gives every app. */
export const cdkJsonContext = (): Record<string, unknown> =>
  CdkJson.parse(JSON.parse(readFileSync(join(projectFolder, 'cdk.json'), 'utf8'))).context ?? {};

/** The apps that are there, in the order in which they are deployed. */
export const apps = (): string[] =>
  ['bin/order-system.ts', 'bin/storefront.ts'].filter((app) => existsSync(join(projectFolder, app)));

/** Whose account and which region the templates are for. */
type Place = { readonly account: string; readonly region: string };

const maxLines = 20;

/** What an app that failed has to say: the message of what it threw, else the end of what it wrote. */
export const messageOf = (written: string): string =>
  /^(?:\w*Error|«\w+»)[: ](.+)$/m.exec(written)?.[1]?.trim() ?? written.trim().split('\n').slice(-maxLines).join('\n');

const runApp = (app: string, env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const tsx = join(projectFolder, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const child = spawn(process.execPath, [tsx, app], { cwd: projectFolder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let written = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new CommandError(`${app}: ${messageOf(written)}`))));
  });

/** Returns what an app would deploy, without bundling its functions. Throws what the app says of a wrong context value. */
export const planApp = async (
  app: string,
  context: Context & { stage: Stage },
  place: Place,
): Promise<PlannedStack[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  const allContext = { ...cdkJsonContext(), ...context, 'aws:cdk:bundling-stacks': [] };
  const env = {
    ...process.env,
    CDK_CONTEXT_JSON: JSON.stringify(allContext),
    CDK_OUTDIR: folder,
    CDK_DEFAULT_ACCOUNT: place.account,
    CDK_DEFAULT_REGION: place.region,
  };
  try {
    await runApp(app, env);
    return plannedFrom(folder, app);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
