import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsAccess } from '../../../scripts/aws/aws-access';

type FakeStack = {
  readonly status: string;
  readonly stage?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly protected?: boolean;
  readonly stuck?: readonly string[];
  /** The physical IDs of its resources, besides those that are stuck. */
  readonly resources?: readonly string[];
};

/** What an account holds. */
export type FakeAccount = {
  account: string;
  stacks: Record<string, FakeStack>;
  identities: Record<string, string>;
  mailsADay: number;
  concurrency: number;
  apiLogRole?: string | undefined;
  bootstrap?: number | undefined;
  tables: string[];
  queues: string[];
  topics: string[];
  secrets: string[];
  /** The services that refuse to answer. */
  denied: string[];
};

type Reply = { readonly status?: number; readonly xml?: string; readonly json?: unknown };

const xmlError = (code: string, message: string, status = 400): Reply => ({
  status,
  xml: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

const members = (items: readonly string[]) => items.map((item) => `<member>${item}</member>`).join('');

const result = (action: string, content: string): Reply => ({
  xml: `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`,
});

const stackXml = (name: string, stack: FakeStack) => {
  const outputs = Object.entries(stack.outputs ?? {}).map(
    ([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`,
  );
  const tag = stack.stage === undefined ? [] : [`<Key>Stage</Key><Value>${stack.stage}</Value>`];
  return (
    `<StackName>${name}</StackName><CreationTime>2026-11-30T00:00:00Z</CreationTime>` +
    `<StackStatus>${stack.status}</StackStatus><EnableTerminationProtection>${stack.protected === true}` +
    `</EnableTerminationProtection><Outputs>${members(outputs)}</Outputs><Tags>${members(tag)}</Tags>`
  );
};

const resourceXml = (id: string, physical: string, status: string) =>
  `<LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId>` +
  `<ResourceType>AWS::DynamoDB::GlobalTable</ResourceType><ResourceStatus>${status}</ResourceStatus>` +
  '<LastUpdatedTimestamp>2026-11-30T00:00:00Z</LastUpdatedTimestamp>';

const cloudFormation = (fake: FakeAccount, form: URLSearchParams): Reply => {
  const [action, name] = [form.get('Action') ?? '', form.get('StackName') ?? ''];
  const stack = fake.stacks[name];
  if (stack === undefined) return xmlError('ValidationError', `Stack with id ${name} does not exist`);
  if (action === 'DescribeStacks') return result(action, `<Stacks>${members([stackXml(name, stack)])}</Stacks>`);
  if (action === 'ListStackResources')
    return result(
      action,
      `<StackResourceSummaries>${members([
        ...(stack.stuck ?? []).map((id) => resourceXml(id, id.toLowerCase(), 'DELETE_FAILED')),
        ...(stack.resources ?? []).map((id) => resourceXml('Own', id, 'CREATE_COMPLETE')),
      ])}</StackResourceSummaries>`,
    );
  if (action === 'UpdateTerminationProtection') {
    fake.stacks[name] = { ...stack, protected: form.get('EnableTerminationProtection') === 'true' };
    return result(action, `<StackId>${name}</StackId>`);
  }
  if (action !== 'DeleteStack') return xmlError('InvalidAction', action);
  if (stack.protected) return xmlError('ValidationError', `Stack [${name}] cannot be deleted while protected`);
  delete fake.stacks[name];
  return result(action, '');
};

const ses = (fake: FakeAccount, form: URLSearchParams): Reply => {
  if (form.get('Action') === 'GetSendQuota')
    return result('GetSendQuota', `<Max24HourSend>${fake.mailsADay}</Max24HourSend><MaxSendRate>1</MaxSendRate>`);
  const asked = [...form].filter(([key]) => key.startsWith('Identities.')).map(([, value]) => value);
  const entries = asked
    .filter((identity) => fake.identities[identity] !== undefined)
    .map(
      (identity) =>
        `<entry><key>${identity}</key><value><VerificationStatus>${fake.identities[identity]}</VerificationStatus></value></entry>`,
    );
  const content = `<VerificationAttributes>${entries.join('')}</VerificationAttributes>`;
  return result('GetIdentityVerificationAttributes', content);
};

const secretReply = (fake: FakeAccount, body: string): Reply => {
  const { SecretId } = JSON.parse(body);
  if (fake.secrets.includes(SecretId)) return { json: { Name: SecretId } };
  return { status: 400, json: { __type: 'ResourceNotFoundException', message: 'no such secret' } };
};

const parameterReply = ({ bootstrap }: FakeAccount): Reply =>
  bootstrap === undefined
    ? { status: 400, json: { __type: 'ParameterNotFound' } }
    : { json: { Parameter: { Name: 'version', Value: String(bootstrap) } } };

const services: Readonly<Record<string, (fake: FakeAccount, body: string) => Reply>> = {
  sts: ({ account }) =>
    result('GetCallerIdentity', `<Arn>arn:aws:iam::${account}:user/ada</Arn><Account>${account}</Account>`),
  cloudformation: (fake, body) => cloudFormation(fake, new URLSearchParams(body)),
  ses: (fake, body) => ses(fake, new URLSearchParams(body)),
  lambda: ({ concurrency }) => ({
    json: { AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: concurrency } },
  }),
  apigateway: ({ apiLogRole }) => ({ json: { cloudwatchRoleArn: apiLogRole ?? null } }),
  ssm: parameterReply,
  dynamodb: ({ tables }) => ({ json: { TableNames: tables } }),
  sqs: ({ queues, account }) => ({ json: { QueueUrls: queues.map((name) => `http://sqs/${account}/${name}`) } }),
  sns: ({ topics }) =>
    result(
      'ListTopics',
      `<Topics>${members(topics.map((name) => `<TopicArn>arn:aws:sns:r:1:${name}</TopicArn>`))}</Topics>`,
    ),
  secretsmanager: secretReply,
};

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const denial = (service: string): Reply =>
  ['sts', 'cloudformation', 'ses', 'sns'].includes(service)
    ? xmlError('AccessDenied', `not authorized to ask ${service}`, 403)
    : { status: 403, json: { __type: 'AccessDeniedException', message: `not authorized to ask ${service}` } };

/** An account with everything in order and nothing deployed. */
export const freshAccount = (changes: Partial<FakeAccount> = {}): FakeAccount => ({
  account: '123456789012',
  stacks: {},
  identities: { 'shop.jp': 'Success' },
  mailsADay: 50_000,
  concurrency: 1000,
  bootstrap: 28,
  tables: [],
  queues: [],
  topics: [],
  secrets: [],
  denied: [],
  ...changes,
});

/** AWS, as far as a deployment asks it, on a port of this machine. */
export const openFakeAws = async () => {
  let fake = freshAccount();
  const asked: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const body = await read(request);
    const action = new URLSearchParams(body).get('Action') ?? String(request.headers['x-amz-target'] ?? request.url);
    asked.push(`${service} ${action}`);
    const {
      status = 200,
      xml,
      json,
    } = fake.denied.includes(service)
      ? denial(service)
      : (services[service]?.(fake, body) ?? { status: 404, json: {} });
    response.writeHead(status, { 'content-type': xml === undefined ? 'application/x-amz-json-1.0' : 'text/xml' });
    response.end(xml ?? JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access: AwsAccess = { region: 'ap-northeast-1', credentials, endpoint };
  return {
    access,
    /** What was asked of it since it was given an account, as `service action`. */
    asked,
    /** Makes it this account. */
    become: (account: FakeAccount): FakeAccount => {
      fake = account;
      asked.length = 0;
      return fake;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
