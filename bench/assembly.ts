import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { localFolder } from '../scripts/local/folders';
import { run } from '../scripts/local/run';

/** A Lambda function as it is deployed: its bundle, and the environment that it finds. */
export type DeployedFunction = {
  /** Its construct path below the stack: `Order/Routes/PlaceOrder`. */
  readonly name: string;
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

/** Bundles and synthesizes the system with its yardsticks, as a deployment does. */
export const synthesize = async (): Promise<void> => {
  rmSync(assemblyFolder, { recursive: true, force: true });
  await run({
    program: 'npx',
    args: ['tsx', 'bench/app.ts'],
    log: join(benchFolder, 'synth.log'),
    env: { ...process.env, CDK_OUTDIR: assemblyFolder },
  });
};

const physical = (id: string, { Type, Properties }: Resource): string => {
  const { TableName, TopicName, QueueName } = Properties;
  if (Type === 'AWS::SNS::Topic') return `arn:aws:sns:us-east-1:000000000000:${TopicName}`;
  if (Type === 'AWS::SQS::Queue') return `http://127.0.0.1:1/000000000000/${QueueName}`;
  return String(TableName ?? id);
};

const Reference = z.object({ Ref: z.string() });
const Variables = z.object({ Variables: z.record(z.string(), z.unknown()) });

const madeByAws = 'https://made-by-aws.invalid'; // what only a deployment knows, such as the URL of a user pool

const environmentOf = (resources: Record<string, Resource>, { Properties }: Resource): Record<string, string> => {
  const { Variables: variables } = Variables.parse(Properties.Environment ?? { Variables: {} });
  const resolve = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const { data: { Ref } = { Ref: madeByAws } } = Reference.safeParse(value);
    const target = resources[Ref];
    return target === undefined ? Ref : physical(Ref, target);
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(value)]));
};

const pathOf = ({ Metadata }: Resource) =>
  String(Metadata['aws:cdk:path'])
    .replace(/^[^/]+\//, '')
    .replace(/\/Resource$/, '');

const isOurs = ({ Type, Metadata }: Resource) =>
  Type === 'AWS::Lambda::Function' && Metadata['aws:asset:is-bundled'] === true;

const readTemplate = () =>
  Template.parse(JSON.parse(readFileSync(join(assemblyFolder, 'OrderSystemStack.template.json'), 'utf8'))).Resources;

/** Every function of the synthesized stack, yardsticks included. */
export const readFunctions = (): DeployedFunction[] => {
  const resources = readTemplate();
  return Object.values(resources)
    .filter(isOurs)
    .map((resource) => {
      const folder = join(assemblyFolder, String(resource.Metadata['aws:asset:path']));
      const bundle = join(folder, pathOf(resource) === naive ? 'index.js' : 'index.mjs');
      return {
        name: pathOf(resource),
        bundle,
        bytes: statSync(bundle).size,
        memory: Number(resource.Properties.MemorySize),
        environment: environmentOf(resources, resource),
      };
    });
};

/** How many messages the deployed inventory consumer takes at a time. */
export const inventoryBatchSize = (): number => {
  const mapping = Object.values(readTemplate()).find(
    (resource) =>
      resource.Type === 'AWS::Lambda::EventSourceMapping' && pathOf(resource).startsWith('Inventory/TakeStock/'),
  );
  return Number(mapping?.Properties.BatchSize);
};

/** The order function as most would build it. */
export const naive = 'Bench/Naive';
export const placeOrder = 'Order/Routes/PlaceOrder';

export const functionNamed = (functions: readonly DeployedFunction[], name: string): DeployedFunction => {
  const found = functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the stack has no function ${name}`);
  return found;
};

/** The product's own functions. */
export const productFunctions = (functions: readonly DeployedFunction[]) =>
  functions.filter(({ name }) => !name.startsWith('Bench/'));
