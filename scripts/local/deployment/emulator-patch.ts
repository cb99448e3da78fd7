import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTimeToLiveCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import * as z from 'zod';
import { type Resource, stackResources } from '../../lib/system/stack-resources';
import { clientConfig } from '../emulator/endpoint';
import { ApiBody, patchApi } from './api-patch';
import { cloudFormationAt } from './stack';

/**
 * Says yes to the e-mail that SES would send to the owner of the address that the deployed functions send from. A local AWS
 * refuses mails from an address that nobody has verified, as AWS does. Doing it twice changes nothing.
 */
export const verifySender = async (endpoint: string): Promise<void> => {
  const senders = new Set<string>();
  for await (const { Functions = [] } of paginateListFunctions(
    { client: new LambdaClient(clientConfig(endpoint)) },
    {},
  ))
    for (const { Environment } of Functions) {
      const sender = Environment?.Variables?.SENDER_EMAIL;
      if (sender !== undefined) senders.add(sender);
    }
  const ses = new SESClient(clientConfig(endpoint));
  for (const EmailAddress of senders) await ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));
};

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .object({
          TimeToLiveSpecification: z.object({ AttributeName: z.string() }).optional().catch(undefined),
          Body: ApiBody.optional().catch(undefined),
        })
        .optional(),
    }),
  ),
});
type Template = z.infer<typeof Template>;

const readTemplate = (assembly: string, stack: string): Template | undefined => {
  const file = join(assembly, `${stack}.template.json`);
  return existsSync(file) ? Template.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
};

const expire = async (db: DynamoDBClient, TableName: string, AttributeName: string): Promise<void> => {
  const { TimeToLiveDescription: now } = await db.send(new DescribeTimeToLiveCommand({ TableName }));
  if (now?.TimeToLiveStatus === 'ENABLED') return;
  const TimeToLiveSpecification = { AttributeName, Enabled: true };
  await db.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
};

/** Gives the tables the time to live that MiniStack's CloudFormation drops. */
const patchTables = async (
  endpoint: string,
  { Resources }: Template,
  resources: readonly Resource[],
): Promise<void> => {
  const db = new DynamoDBClient(clientConfig(endpoint));
  for (const { logicalId, id: table } of resources) {
    const attribute = Resources[logicalId]?.Properties?.TimeToLiveSpecification?.AttributeName;
    if (attribute !== undefined) await expire(db, table, attribute);
  }
};

/** Adds what a local AWS leaves out of a stack that was deployed from `assembly`. Doing it twice changes nothing. */
export const patchStack = async (endpoint: string, assembly: string, stack: string): Promise<void> => {
  const template = readTemplate(assembly, stack);
  if (template === undefined) return;
  const resources = await stackResources(cloudFormationAt(endpoint), stack);
  await patchTables(endpoint, template, resources);
  for (const { Properties } of Object.values(template.Resources))
    if (Properties?.Body !== undefined) await patchApi(endpoint, Properties.Body, resources);
  await verifySender(endpoint);
};
