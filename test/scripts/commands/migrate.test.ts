import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'migrate-'));

const member = (type: string, logicalId: string, id: string) =>
  `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${logicalId}</LogicalResourceId>` +
  `<PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus>` +
  '<LastUpdatedTimestamp>2026-11-30T00:00:00Z</LastUpdatedTimestamp></member>';

const resources =
  member('AWS::KMS::Key', 'SubjectKeysMasterKey5399EA1D', 'the-master-key') +
  member('AWS::S3::Bucket', 'ArchiveEvents0A1B2C3D', 'the-archive');

const parameters = new Map<string, string>();
const scanned: string[] = [];
let endpoint = '';

type Asked = { readonly action: string; readonly input: Record<string, string> };

const json = (answer: object): [string, string, number?] => ['application/json', JSON.stringify(answer)];
const xml = (text: string): [string, string, number?] => ['text/xml', text];

const parameter = ({ action, input: { Name = '', Value = '' } }: Asked): [string, string, number?] => {
  if (action === 'PutParameter') {
    parameters.set(Name, Value);
    return json({ Version: 1 });
  }
  const known = parameters.get(Name);
  if (known === undefined) return ['application/json', '{"__type":"ParameterNotFound"}', 400];
  return json({ Parameter: { Name, Value: known } });
};

let denied = false;

const table = ({ action, input: { TableName = '' } }: Asked): [string, string, number?] => {
  if (action === 'Scan' && denied)
    return ['application/json', '{"__type":"AccessDeniedException","message":"not authorized to scan"}', 400];
  if (action === 'Scan') scanned.push(TableName);
  return json(action === 'Scan' ? { Items: [], Count: 0 } : { Table: { TableName } });
};

const queue = ({ action }: Asked) =>
  json(action === 'GetQueueAttributes' ? { Attributes: { ApproximateNumberOfMessages: '0' } } : {});

const bucket = (url: string) =>
  xml(
    url.includes('versioning')
      ? '<VersioningConfiguration/>'
      : '<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>',
  );

const answerOf = (service: string, url: string, asked: Asked): [string, string, number?] => {
  if (service === 'ssm') return parameter(asked);
  if (service === 'dynamodb') return table(asked);
  if (service === 'sqs') return queue(asked);
  if (service === 's3') return bucket(url);
  return xml(
    `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${resources}` +
      '</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>',
  );
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

let server: Server;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const body = await bodyOf(request);
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = body.startsWith('{') ? JSON.parse(body) : {};
    const [type, text, status = 200] = answerOf(service, request.url ?? '', { action, input });
    response.writeHead(status, { 'content-type': type }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const queues = ['order-processing-dlq', 'order-relay-dlq', 'return-relay-dlq', 'user-relay-dlq'];
  const outputs = {
    endpoint,
    region: 'us-east-1',
    apiUrl: endpoint,
    topicArns: {},
    queueUrls: Object.fromEntries(queues.map((name) => [name, `${endpoint}/000000000000/${name}`])),
    tableNames: ['orders'],
  };
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(outputs));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const migrate = (...args: string[]): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, SYSTEM_OUTPUTS: join(folder, 'outputs.json'), AWS_ENDPOINT_URL: '' };
    const child = spawn('bash', ['scripts/run.sh', 'migrate', ...args], { env });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });

jest.setTimeout(60_000);

test('S1-31 npm run migrate --service finds its system, counts, and records what it has ended', async () => {
  const dry = await migrate('--dry-run', '--service', 'archive');
  expect([dry.code, dry.said]).toEqual([0, expect.stringMatching(/archive 1 +personal data sealed +files +0 +0\n/)]);
  expect(parameters.size).toBe(0);
  const { code, said } = await migrate('--service', 'order');
  expect([code, said]).toEqual([0, expect.stringContaining('✓ 2 migrations ended')]);
  expect(said).toMatch(/order 1 +personal data sealed +rows of orders +0 of 0 +0 of 0/);
  expect([...parameters.keys()].sort()).toEqual([
    '/order-system/migrations/order/1',
    '/order-system/migrations/order/2',
  ]);
  expect(JSON.parse(parameters.get('/order-system/migrations/order/1') ?? '')).toMatchObject({
    state: 'ended',
    before: { seen: 0, found: 0 },
    after: { seen: 0, found: 0 },
  });
  expect(new Set(scanned)).toEqual(new Set(['orders']));
});

test('S1-31 what is ended is left alone, and is counted again when that is asked', async () => {
  await migrate('--service', 'order');
  scanned.length = 0;
  const { code, said } = await migrate('--service', 'order');
  expect([code, said]).toEqual([0, '✓ Everything is migrated already (--dry-run counts it again).\n']);
  expect(scanned).toEqual([]);
  expect((await migrate('--service', 'order', '--again')).said).toContain('✓ 2 migrations ended');
});

test('S1-31 all services: rows, dead letters, files', async () => {
  const { code, said } = await migrate('--again');
  expect([code, said]).toEqual([0, expect.stringContaining('✓ 7 migrations ended')]);
  expect(parameters.size).toBe(7);
});

test('S1-31 a refusal of AWS ends it with what was refused, and is recorded nowhere as ended', async () => {
  denied = true;
  parameters.clear();
  const { code, said } = await migrate('--service', 'order');
  denied = false;
  expect([code, said]).toEqual([
    1,
    expect.stringContaining('AWS refused: AccessDeniedException: not authorized to scan'),
  ]);
  expect(parameters.size).toBe(0);
});
