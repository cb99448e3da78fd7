import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
const invoked: string[] = [];

const member = (type: string, logicalId: string, id: string) =>
  `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${logicalId}</LogicalResourceId>` +
  `<PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus>` +
  '<LastUpdatedTimestamp>2026-11-30T00:00:00Z</LastUpdatedTimestamp></member>';

const resources =
  member('AWS::Logs::LogGroup', 'InventoryAuditFunctionLogs1', 'logs') +
  member('AWS::Lambda::Function', 'InventoryTakeStock1', 'take-stock') +
  member('AWS::Lambda::Function', 'InventoryAuditFunction1', 'the-audit');

const report = { judged: 4, busy: 0, differences: [], repaired: 0, unrepairable: 0 };

const answers: Readonly<Record<string, string>> = {
  dynamodb: JSON.stringify({ Table: { TableName: 'orders' } }),
  cloudformation:
    '<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>' +
    `${resources}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
  lambda: JSON.stringify(report),
};

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (service === 'lambda') invoked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': service === 'cloudformation' ? 'text/xml' : 'application/json' });
    response.end(answers[service]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const run = (env: NodeJS.ProcessEnv): Promise<{ code: number | null; text: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['scripts/run.sh', 'audit-stock'], { env: { ...process.env, ...env } });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += chunk;
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });

test('npm run audit-stock runs the audit of the system’s own stack, found among its resources', async () => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const path = join(folder, 'outputs.json');
  const system = { region: 'us-east-1', apiUrl: endpoint, topicArns: {}, queueUrls: {}, tableNames: ['orders'] };
  writeFileSync(path, JSON.stringify({ endpoint, ...system }));
  const { code, text } = await run({ SYSTEM_OUTPUTS: path });
  expect(text).toContain('4 products audited, all of them add up');
  expect(code).toBe(0);
  expect(invoked).toEqual(['/2015-03-31/functions/the-audit/invocations']);
});
