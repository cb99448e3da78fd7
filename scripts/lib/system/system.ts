import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { fieldWords } from '../../../lambda/contracts/api/issue-words';
import { chosenEndpoint, region as localRegion } from '../../local/emulator/endpoint';
import { runningMiniStack } from '../../local/emulator/ministack';
import { CommandError, UsageError } from '../command';
import { localFolder } from '../folders';
import { stackName } from './apps';
import { chosenStage, refuseEndpoint, regionOf } from './chosen-stage';
import { blameEndpoint, isUnreachable } from './no-local-aws';
import { allResources, type Resource } from './stack-resources';
import { type AwsStage, bareName, type Stage, stackNameOf } from './stage';

const byName = z.record(z.string(), z.string().min(1));

/** `.local/outputs.json`, as `npm start` writes it. */
const Outputs = z.object({
  endpoint: z.url(),
  region: z.string().min(1),
  apiUrl: z.url(),
  /** Where clients connect to for the live status; missing when the stack has none (`-c live=off`). */
  liveUrl: z.url().optional(),
  /** The storefront's API; missing when it is not deployed. */
  storefrontUrl: z.url().optional(),
  topicArns: byName,
  queueUrls: byName,
  tableNames: z.array(z.string().min(1)),
});

/**
 * Where a deployed order system answers. Without `endpoint` it is on AWS, as `stage`. Topics, queues and tables are listed
 * by their bare names, `orders`, whatever the stage calls them.
 */
export type System = Omit<z.infer<typeof Outputs>, 'endpoint'> & {
  readonly endpoint?: string;
  readonly stage?: AwsStage;
};

/** The stage of a system: whatever is not on AWS is local. */
export const stageOf = ({ stage }: Pick<System, 'stage'>): Stage => stage ?? 'local';

type Environment = Readonly<Record<string, string | undefined>>;

const startFirst = 'Run "npm start" first.';
const startAgain = 'Run "npm start" again: it writes the file anew.';
const defaultEndpoint = 'http://127.0.0.1:4566';

/** Credentials for a local AWS: never real ones, whatever the environment holds. */
const localCredentials = ({ AWS_ACCESS_KEY_ID = '' }: Environment) => ({
  accessKeyId: /^\d{12}$/.test(AWS_ACCESS_KEY_ID) ? AWS_ACCESS_KEY_ID : 'test', // an account number chooses the account
  secretAccessKey: 'test',
});

/** What every AWS client of a script is made with. */
export const clientOptions = (
  { endpoint, region }: Pick<System, 'endpoint' | 'region'>,
  env: Environment = process.env,
) => (endpoint === undefined ? { region } : { region, endpoint, credentials: localCredentials(env) });

/** Reads an outputs file; throws an error that names the wrong field. */
export const readOutputs = (path: string): System => {
  const wrong = (what: string, then = startAgain) => new CommandError(`${path}: ${what}. ${then}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw error instanceof SyntaxError ? wrong('is not JSON') : wrong('cannot be read', startFirst);
  }
  const parsed = Outputs.safeParse(json);
  if (parsed.success) return { ...parsed.data, apiUrl: parsed.data.apiUrl.replace(/\/+$/, '') };
  throw wrong(fieldWords(parsed.error.issues));
};

const quickly = { maxAttempts: 1, requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 } };

const checkAnswers = async (system: System, source: string, env: Environment): Promise<System> => {
  const db = new DynamoDBClient({ ...clientOptions(system, env), ...quickly });
  try {
    await db.send(new DescribeTableCommand({ TableName: 'orders' }));
    return system;
  } catch (error) {
    if (isUnreachable(error))
      throw new CommandError(
        `${source} says that the system is at ${system.endpoint}, but nothing answers there. ${startFirst}`,
      );
    if (error instanceof Error && error.name === 'ResourceNotFoundException')
      throw new CommandError(`The order system is not deployed at ${system.endpoint}. ${startFirst}`);
    throw await blameEndpoint(error, system.endpoint, env);
  }
};

/** Every resource of a system's stacks. */
export const resourcesOf = (system: Pick<System, 'endpoint' | 'region' | 'stage'>): Promise<Resource[]> =>
  allResources(new CloudFormationClient(clientOptions(system)), stageOf(system));

const lastPart = (text: string, separator: string) => text.slice(text.lastIndexOf(separator) + 1);

const idsOf = (resources: readonly Resource[], ...types: string[]) =>
  resources.filter(({ type }) => types.includes(type)).map(({ id }) => id);

/** Where an API answers on every local AWS. */
const localUrl = (endpoint: string, resources: readonly Resource[], kind: string): string | undefined => {
  const [api] = idsOf(resources, `AWS::${kind}::${kind === 'ApiGateway' ? 'RestApi' : 'Api'}`);
  const [stage = ''] = idsOf(resources, `AWS::${kind}::Stage`);
  return api === undefined ? undefined : `${endpoint}/_aws/execute-api/${api}/${stage}`;
};

const localUrls = (endpoint: string, resources: readonly Resource[]): Urls => {
  const own = resources.filter(({ stack }) => stack === stackName);
  const others = resources.filter(({ stack }) => stack !== stackName);
  return {
    apiUrl: localUrl(endpoint, own, 'ApiGateway') ?? '',
    liveUrl: localUrl(endpoint.replace(/^http/, 'ws'), own, 'ApiGatewayV2'),
    storefrontUrl: localUrl(endpoint, others, 'ApiGateway'),
  };
};

type Where = Pick<System, 'endpoint' | 'region' | 'stage'>;

/** Where a stack on AWS answers, by its outputs. */
type Urls = {
  readonly apiUrl: string;
  readonly liveUrl?: string | undefined;
  readonly storefrontUrl?: string | undefined;
};

/** Makes out of a stack's resources what `npm start` would have noted of them. */
export const systemFrom = (resources: readonly Resource[], urls: Urls, where: Where): System => {
  const { endpoint } = where;
  const nameOf = (text: string, separator: string) => bareName(stageOf(where), lastPart(text, separator));
  const { apiUrl, liveUrl, storefrontUrl } = endpoint === undefined ? urls : localUrls(endpoint, resources);
  const queueUrl = (url: string) => (endpoint === undefined ? url : new URL(new URL(url).pathname, endpoint).href);
  return {
    ...where,
    apiUrl: apiUrl.replace(/\/+$/, ''),
    ...(liveUrl === undefined ? {} : { liveUrl }),
    ...(storefrontUrl === undefined ? {} : { storefrontUrl }),
    topicArns: Object.fromEntries(idsOf(resources, 'AWS::SNS::Topic').map((arn) => [nameOf(arn, ':'), arn])),
    queueUrls: Object.fromEntries(idsOf(resources, 'AWS::SQS::Queue').map((url) => [nameOf(url, '/'), queueUrl(url)])),
    tableNames: idsOf(resources, 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map((name) => nameOf(name, '/')),
  };
};

const fromStack = async (where: Where, env: Environment): Promise<System> => {
  const local = where.endpoint === undefined ? {} : quickly;
  const cloudFormation = new CloudFormationClient({ ...clientOptions(where, env), ...local });
  const place = where.endpoint ?? `AWS (${where.region})`;
  const name = stackNameOf(stageOf(where));
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    if (Stacks.length === 0) throw new Error(`${place} says nothing of the stack ${name}`);
    const output = (name: string) => Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    const urls = { apiUrl: output('ApiUrl') ?? '', liveUrl: output('LiveUrl') };
    return systemFrom(await allResources(cloudFormation, stageOf(where)), urls, where);
  } catch (error) {
    if (isUnreachable(error)) throw new CommandError(`Nothing answers at ${place}. ${startFirst}`);
    if (error instanceof Error && /does not exist/.test(error.message))
      throw new CommandError(`No stack ${name} at ${place}: deploy it (npm run deploy -- --help), or run "npm start".`);
    throw await blameEndpoint(error, where.endpoint, env);
  }
};

const outputsFile = (env: Environment, folder: string): string | undefined => {
  const local = join(folder, 'outputs.json');
  return env.SYSTEM_OUTPUTS || (existsSync(local) ? local : undefined);
};

/** What the file says of the system at `endpoint`. A file that cannot be used says nothing of a known endpoint. */
const readNoted = (file: string, endpoint: string | undefined): System | undefined => {
  try {
    const noted = readOutputs(file);
    return endpoint === undefined || endpoint === noted.endpoint ? noted : undefined;
  } catch (error) {
    if (endpoint === undefined) throw error;
    return undefined;
  }
};

const findLocal = async (env: Environment, folder: string): Promise<System> => {
  const file = outputsFile(env, folder);
  const endpoint = env.SYSTEM_OUTPUTS ? undefined : (chosenEndpoint(env) ?? runningMiniStack(folder)?.endpoint);
  const noted = file === undefined ? undefined : readNoted(file, endpoint);
  if (file !== undefined && noted !== undefined) return checkAnswers(noted, file, env);
  return fromStack({ endpoint: endpoint ?? defaultEndpoint, region: localRegion }, env);
};

/** What `--aws` and `--stage` said. */
type Asked = { readonly aws?: boolean | undefined; readonly stage?: string | undefined };

/**
 * Finds the system that a script works on: the stack of a stage on AWS when asked for, else the outputs file that
 * SYSTEM_OUTPUTS names, else the stack at AWS_ENDPOINT_URL, else the one on the local AWS that was started from here, else
 * `.local/outputs.json`, else the stack at the usual local endpoint. Without a stage it is the only one that is deployed;
 * throws when both are, so that no script guesses.
 */
export const findSystem = async (
  { aws = false, stage }: Asked = {},
  env: Environment = process.env,
  folder = localFolder,
): Promise<System> => {
  if (!aws && stage !== undefined) throw new UsageError('--stage: goes with --aws. See --help.');
  if (!aws) return findLocal(env, folder);
  refuseEndpoint(env, '--aws means AWS');
  const region = await regionOf(env);
  return fromStack({ region, stage: await chosenStage({ region }, stage) }, env);
};
