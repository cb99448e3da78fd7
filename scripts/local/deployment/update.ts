import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetTemplateCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CommandError } from '../../lib/command';
import { confirm } from '../../lib/confirm';
import { type Resource, stackResources } from '../../lib/system/stack-resources';
import { print, warn } from '../../lib/terminal';
import { until } from '../../lib/wait';
import { clientConfig } from '../emulator/endpoint';
import { cloudFormationAt, describeStack, isWhole } from './stack';
import { changedApis, type Loss, lossesOf, Template, withoutApis } from './template-changes';

export type Update = {
  readonly endpoint: string;
  readonly stack: string;
  /** The folder of the synthesized app that is to be deployed. */
  readonly assembly: string;
  /** Whether data may be lost without a question. @default false */
  readonly acceptLoss?: boolean | undefined;
};

const deployedTemplate = async ({ endpoint, stack }: Update): Promise<Template> => {
  const { TemplateBody = '{}' } = await cloudFormationAt(endpoint).send(new GetTemplateCommand({ StackName: stack }));
  return Template.parse(JSON.parse(TemplateBody));
};

const nextTemplate = ({ assembly, stack }: Update): Template =>
  Template.parse(JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8')));

const hasRows = async (endpoint: string, TableName: string): Promise<boolean> => {
  const { Count = 0 } = await new DynamoDBClient(clientConfig(endpoint)).send(new ScanCommand({ TableName, Limit: 1 }));
  return Count > 0;
};

const depths = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

const hasMessages = async (endpoint: string, QueueUrl: string): Promise<boolean> => {
  const sqs = new SQSClient({ ...clientConfig(endpoint), useQueueUrlAsEndpoint: false });
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...depths] });
  const { Attributes = {} } = await sqs.send(command);
  return depths.some((name) => Number(Attributes[name] ?? 0) > 0);
};

/** Whether there is anything to lose in it. What cannot be looked into is taken for full. */
const holdsData = async (endpoint: string, { what }: Loss, id: string): Promise<boolean> => {
  try {
    if (what === 'table') return await hasRows(endpoint, id);
    if (what === 'queue') return await hasMessages(endpoint, id);
    return true;
  } catch {
    return true;
  }
};

const confirmLosses = async (update: Update, losses: readonly Loss[], resources: readonly Resource[]) => {
  const idOf = ({ logicalId }: Loss) => resources.find((resource) => resource.logicalId === logicalId)?.id ?? '';
  const full = await Promise.all(losses.map((loss) => holdsData(update.endpoint, loss, idOf(loss))));
  const real = losses.filter((_, index) => full[index]);
  if (real.length === 0) return;
  warn(`This deployment of ${update.stack} loses data:`);
  for (const loss of real) print(`  ${loss.what} ${idOf(loss).split('/').at(-1)} ${loss.why}`);
  if (update.acceptLoss || (await confirm('Deploy all the same?')) === 'yes') return;
  throw new CommandError(
    'Nothing was deployed. To go on without this data: npm start -- --accept-loss, or npx cdklocal deploy --force',
  );
};

/** Updates the stack to a template that is too large for a request, by way of CDK's bucket. */
const updateStack = async ({ endpoint, stack }: Update, template: Template): Promise<void> => {
  const { Outputs = [] } = (await describeStack(endpoint, 'CDKToolkit')) ?? {};
  const Bucket = Outputs.find(({ OutputKey }) => OutputKey === 'BucketName')?.OutputValue ?? '';
  const Key = `${stack}-without-apis.json`;
  const s3 = new S3Client({ ...clientConfig(endpoint), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(template) }));
  const { Parameters = [] } = (await describeStack(endpoint, stack)) ?? {};
  await cloudFormationAt(endpoint).send(
    new UpdateStackCommand({
      StackName: stack,
      TemplateURL: `${endpoint}/${Bucket}/${Key}`,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      Parameters: Parameters.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
    }),
  );
  const settled = async () => {
    const now = await describeStack(endpoint, stack);
    return /_IN_PROGRESS$/.test(now?.StackStatus ?? '') ? undefined : now;
  };
  const end = await until(settled, { timeoutMs: 300_000, everyMs: 200 });
  const { StackStatus = 'no answer', StackStatusReason = '' } = end ?? {};
  if (StackStatus === 'UPDATE_COMPLETE') return;
  throw new CommandError(
    `${stack}: its API could not be removed before the update: ${StackStatus} ${StackStatusReason}`,
  );
};

/**
 * Makes a deployed stack ready to be updated. A local AWS cannot change the definition of a deployed REST API under its
 * pinned ID, so an API whose routes have changed is removed before: it holds no data, and the deployment makes it anew.
 * Asks before an update that loses data. Does nothing when the stack is not deployed.
 */
export const prepareUpdate = async (update: Update): Promise<void> => {
  if (!isWhole(await describeStack(update.endpoint, update.stack))) return;
  const [deployed, next] = [await deployedTemplate(update), nextTemplate(update)];
  const [losses, apis] = [lossesOf(deployed, next), changedApis(deployed, next)];
  if (losses.length === 0 && apis.length === 0) return;
  const resources = await stackResources(cloudFormationAt(update.endpoint), update.stack);
  await confirmLosses(update, losses, resources);
  if (apis.length === 0) return;
  const idOf = (id: string) => resources.find(({ logicalId }) => logicalId === id)?.id ?? id;
  await updateStack(update, withoutApis(deployed, apis, idOf));
};
