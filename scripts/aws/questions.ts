import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetIdentityVerificationAttributesCommand, GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { paginateListTopics, SNSClient } from '@aws-sdk/client-sns';
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { CommandError } from '../lib/command';
import type { Named, NamedKind } from './assembly';
import { type AwsAccess, callSigned } from './aws-access';
import { conditionOf } from './stack-state';

/** A stack as it is deployed. Without a status there is none. */
export type StackFact = {
  readonly name: string;
  readonly status?: string | undefined;
  /** The stage that it was deployed as. */
  readonly stage?: string | undefined;
  readonly terminationProtection?: boolean | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  /** The resources that could not be removed or rolled back. */
  readonly stuck: readonly string[];
};

const stageOf = ({ Tags = [], Outputs = [] }: Stack): string | undefined => {
  const tag = Tags.find(({ Key }) => Key === 'Stage')?.Value;
  const output = (name: string) => Outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  const apiStage = /\.amazonaws\.com[^/]*\/(\w+)\/?$/.exec(output('ApiUrl') ?? '')?.[1]; // of a stack that is older than its tag
  return tag ?? output('Stage') ?? apiStage;
};

const stuckIn = async (client: CloudFormationClient, StackName: string): Promise<string[]> => {
  const stuck: string[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    for (const { LogicalResourceId, PhysicalResourceId, ResourceStatus } of StackResourceSummaries)
      if (ResourceStatus?.endsWith('_FAILED')) stuck.push(`${LogicalResourceId} (${PhysicalResourceId ?? 'no ID'})`);
  return stuck;
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Returns what CloudFormation says of a stack. Throws when it does not answer: nothing is deployed blindly. */
export const stackFact = async (access: AwsAccess, name: string): Promise<StackFact> => {
  const client = new CloudFormationClient(access);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks;
    if (stack === undefined) return { name, outputs: {}, stuck: [] };
    const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    const isStuck = /^stuck|^half/.test(conditionOf(stack.StackStatus));
    return {
      name,
      status: stack.StackStatus,
      stage: stageOf(stack),
      terminationProtection: stack.EnableTerminationProtection,
      outputs: Object.fromEntries(outputs),
      stuck: isStuck ? await stuckIn(client, name) : [],
    };
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return { name, outputs: {}, stuck: [] };
    throw new CommandError(`CloudFormation does not say how ${name} is: ${messageOf(error)}`, { cause: error });
  }
};

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

const Parameter = z.object({ Parameter: z.object({ Value: z.string() }) });

/** Returns the version of CDK's bootstrap in this account and region, `undefined` where there is none. */
export const bootstrapVersion = async (access: AwsAccess): Promise<number | undefined> => {
  try {
    const found = await callSigned(access, {
      service: 'ssm',
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
      body: JSON.stringify({ Name: '/cdk-bootstrap/hnb659fds/version' }), // where CDK itself looks
    });
    return Number(Parameter.parse(found).Parameter.Value);
  } catch (error) {
    if (isNamed(error, 'ParameterNotFound')) return undefined;
    throw error;
  }
};

/** Returns how far SES has verified each identity. One that SES does not know is missing. */
export const identitiesOf = async (access: AwsAccess, identities: string[]): Promise<Record<string, string>> => {
  const { VerificationAttributes = {} } = await new SESClient(access).send(
    new GetIdentityVerificationAttributesCommand({ Identities: identities }),
  );
  return Object.fromEntries(
    Object.entries(VerificationAttributes).map(([identity, { VerificationStatus }]) => [
      identity,
      VerificationStatus ?? '',
    ]),
  );
};

/** Returns how many mails SES sends in 24 hours. */
export const mailsADay = async (access: AwsAccess): Promise<number> => {
  const { Max24HourSend = 0 } = await new SESClient(access).send(new GetSendQuotaCommand({}));
  return Max24HourSend;
};

export type AccountLimits = { readonly limit: number; readonly unreserved: number };

/** Returns how many functions may run at once in this account and region. */
export const concurrencyOf = async (access: AwsAccess): Promise<AccountLimits> => {
  const { AccountLimit } = await new LambdaClient(access).send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = limit } = AccountLimit ?? {};
  return { limit, unreserved };
};

const ApiAccount = z.object({ cloudwatchRoleArn: z.string().nullish() });

/** Returns the role by which API Gateway writes the logs of all APIs of this account and region. */
export const apiLogRole = async (access: AwsAccess): Promise<string | undefined> => {
  const account = await callSigned(access, { service: 'apigateway', method: 'GET', path: '/account' });
  return ApiAccount.parse(account).cloudwatchRoleArn || undefined;
};

const lastPart = (text: string) => text.slice(Math.max(text.lastIndexOf(':'), text.lastIndexOf('/')) + 1);

const tablesIn = async (access: AwsAccess): Promise<string[]> => {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient(access) }, {}))
    names.push(...TableNames);
  return names;
};

const queuesIn = async (access: AwsAccess): Promise<string[]> => {
  const names: string[] = [];
  const client = new SQSClient(access);
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { MaxResults: 1000 }))
    names.push(...QueueUrls.map(lastPart));
  return names;
};

const topicsIn = async (access: AwsAccess): Promise<string[]> => {
  const names: string[] = [];
  for await (const { Topics = [] } of paginateListTopics({ client: new SNSClient(access) }, {}))
    names.push(...Topics.map(({ TopicArn = '' }) => lastPart(TopicArn)));
  return names;
};

const hasSecret = async (client: SecretsManagerClient, name: string): Promise<boolean> => {
  try {
    await client.send(new DescribeSecretCommand({ SecretId: name })); // answers as well while it waits for its deletion
    return true;
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
};

const secretsIn = async (access: AwsAccess, names: readonly string[]): Promise<string[]> => {
  const client = new SecretsManagerClient(access);
  const found = await Promise.all(names.map(async (name) => ((await hasSecret(client, name)) ? [name] : [])));
  return found.flat();
};

/** Returns what a deployed stack calls its tables, queues, topics and secrets. */
export const namesOfStack = async (access: AwsAccess, StackName: string): Promise<ReadonlySet<string>> => {
  const names = new Set<string>();
  const client = new CloudFormationClient(access);
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    for (const { PhysicalResourceId = '' } of StackResourceSummaries) {
      const name = lastPart(PhysicalResourceId);
      names.add(name).add(name.replace(/-\w{6}$/, '')); // Secrets Manager adds six letters to a secret's name
    }
  return names;
};

/** Returns those of `named` that exist in this account and region. */
export const existingOf = async (access: AwsAccess, named: readonly Named[]): Promise<readonly Named[]> => {
  if (named.length === 0) return [];
  const secretNames = named.filter(({ kind }) => kind === 'secret').map(({ name }) => name);
  const [table, queue, topic, secret] = await Promise.all([
    tablesIn(access),
    queuesIn(access),
    topicsIn(access),
    secretsIn(access, secretNames),
  ]);
  const existing: Readonly<Record<NamedKind, string[]>> = { table, queue, topic, secret };
  return named.filter(({ kind, name }) => existing[kind].includes(name));
};
