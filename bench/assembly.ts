import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { localFolder } from '../scripts/lib/folders';
import { run } from '../scripts/local/emulator/run';

/** A Lambda function as it is deployed: its bundle, and the environment that it finds. */
export type DeployedFunction = {
  /** Its construct path below the stack: `Order/Routes/PlaceOrder`; `Bench/Naive` for a yardstick. */
  readonly name: string;
  readonly logicalId: string;
  /** The service's folder and the handler's file: `order/place-order`. A yardstick has none. */
  readonly handler: string | undefined;
  readonly bundle: string;
  readonly bytes: number;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
};

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});
type Resource = z.infer<typeof Resource>;
const Template = z.object({ Resources: z.record(z.string(), Resource) });

export const benchFolder = join(localFolder, 'bench');
export const assemblyFolder = join(benchFolder, 'cdk.out');

/** Bundles and synthesizes the system and its yardsticks, as a deployment does. */
export const synthesize = async (): Promise<void> => {
  rmSync(assemblyFolder, { recursive: true, force: true });
  await run({
    program: 'npx',
    args: ['tsx', 'bench/app.ts'],
    log: join(benchFolder, 'synth.log'),
    env: { ...process.env, CDK_OUTDIR: assemblyFolder },
  });
};

const region = 'us-east-1';
const account = '000000000000';
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const physical = (id: string, { Type, Properties }: Resource): string => {
  const { TableName, TopicName, QueueName } = Properties;
  if (Type === 'AWS::SNS::Topic') return `arn:aws:sns:${region}:${account}:${TopicName}`;
  if (Type === 'AWS::SQS::Queue') return `http://127.0.0.1:1/${account}/${QueueName}`;
  return String(TableName ?? id);
};

const Value = z.union([
  z.string(),
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
]);
const Variables = z.object({ Variables: z.record(z.string(), Value) });

/** A value of a template as the function finds it. What only a deployment knows is named by its logical ID. */
const resolver = (resources: Record<string, Resource>) => {
  const resolve = (given: unknown): string => {
    const value = Value.parse(given);
    if (typeof value === 'string') return value;
    if ('Fn::Join' in value) return value['Fn::Join'][1].map(resolve).join(value['Fn::Join'][0]);
    if ('Fn::GetAtt' in value) return `arn:aws:local:${region}:${account}:${value['Fn::GetAtt'].join('.')}`;
    const target = resources[value.Ref];
    return target === undefined ? (pseudo[value.Ref] ?? value.Ref) : physical(value.Ref, target);
  };
  return resolve;
};

const environmentOf = (resources: Record<string, Resource>, { Properties }: Resource): Record<string, string> => {
  const { Variables: variables } = Variables.parse(Properties.Environment ?? { Variables: {} });
  const resolve = resolver(resources);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(value)]));
};

const pathOf = ({ Metadata }: Resource) =>
  String(Metadata['aws:cdk:path'])
    .replace(/^[^/]+\//, '')
    .replace(/\/Resource$/, '');

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(assemblyFolder, file), 'utf8'));

const readTemplate = (stack: string) => Template.parse(readJson(`${stack}.template.json`)).Resources;

/** The file that Lambda loads; a function of the CDK's own has none of ours. */
const bundleOf = ({ Metadata }: Resource, names: readonly string[]): string | undefined => {
  const folder = join(assemblyFolder, String(Metadata['aws:asset:path']));
  return names.map((name) => join(folder, name)).find(existsSync);
};

type Stack = {
  readonly id: string;
  readonly prefix: string;
  /** What the bundles of its functions are called. */
  readonly files: readonly string[];
};

const stacks: readonly Stack[] = [
  { id: 'OrderSystemStack', prefix: '', files: ['index.mjs'] },
  { id: 'BenchStack', prefix: 'Bench/', files: ['index.mjs', 'index.js'] },
];

const functionsOf = ({ id, prefix, files }: Stack, handlers: Readonly<Record<string, string>>): DeployedFunction[] => {
  const resources = readTemplate(id);
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    const bundle = resource.Type === 'AWS::Lambda::Function' ? bundleOf(resource, files) : undefined;
    if (bundle === undefined) return [];
    const path = pathOf(resource);
    return {
      name: `${prefix}${path}`,
      logicalId,
      handler: prefix === '' ? handlers[path] : undefined,
      bundle,
      bytes: statSync(bundle).size,
      memory: Number(resource.Properties.MemorySize),
      environment: environmentOf(resources, resource),
    };
  });
};

/** Every function of the synthesized stacks, yardsticks included. */
export const readFunctions = (): DeployedFunction[] => {
  const handlers = z.record(z.string(), z.string()).parse(readJson('handlers.json'));
  return stacks.flatMap((stack) => functionsOf(stack, handlers));
};

/** How many messages the deployed inventory consumer takes at a time. */
export const inventoryBatchSize = (): number => {
  const mapping = Object.values(readTemplate('OrderSystemStack')).find(
    (resource) =>
      resource.Type === 'AWS::Lambda::EventSourceMapping' && pathOf(resource).startsWith('Inventory/TakeStock/'),
  );
  return Number(mapping?.Properties.BatchSize);
};

/** The order function as most would build it. */
export const naive = 'Bench/Naive';
export const placeOrder = 'Order/Routes/PlaceOrder';
/** What a customer waits for besides. */
export const waitedFor = {
  authorizer: 'Identity/Authorize',
  getOrder: 'Order/Routes/GetOrder',
  catalog: 'Catalog/ServeCatalog',
} as const;
/** What runs by the clock, and what reads lists. */
export const scheduled = { sweep: 'Order/Sweep/Function', audit: 'Inventory/Audit/Function' } as const;
export const orderLists = 'Order/Routes/ServeOrders';

export const functionNamed = (functions: readonly DeployedFunction[], name: string): DeployedFunction => {
  const found = functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the stacks have no function ${name}`);
  return found;
};

/** The product's own functions. */
export const productFunctions = (functions: readonly DeployedFunction[]) =>
  functions.filter(({ name }) => !name.startsWith('Bench/'));
