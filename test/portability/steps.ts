import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type FunctionConfiguration, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { findSystem } from '../../scripts/lib/system/system';
import { describeStack } from '../../scripts/local/deployment/stack';
import { clientConfig } from '../../scripts/local/emulator/endpoint';
import { deleteDeadLettered, redriveAfterRestock } from './dead-letter-steps';
import { knownFaults } from './known-faults';
import type { FunctionsNetwork } from './network';
import { readChecks, violationsOf } from './script-output';
import type { Ended, Shell } from './shell';

/** The local AWS under test. */
export type Portable = { readonly endpoint: string; readonly network: FunctionsNetwork; readonly shell: Shell };

/** A fact that must hold there. `needed`: without it, none of the following can hold. */
export type Step = {
  readonly title: string;
  readonly needed?: boolean;
  readonly work: (portable: Portable) => Promise<string | undefined>;
};

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-40).join('\n');

const requireSuccess = ({ code, output }: Ended): void => {
  if (code !== 0) throw new Error(`ended with code ${code}:\n${lastLines(output)}`);
};

const deploy = async ({ shell, endpoint }: Portable): Promise<string> => {
  requireSuccess(await shell('npx', 'cdklocal', 'bootstrap'));
  const deployed = await shell('npx', 'cdklocal', 'deploy', '--require-approval', 'never');
  requireSuccess(deployed);
  for (const what of ['accounts are left out', 'the live status is left out'])
    assert.ok(deployed.output.includes(what), `the deployment says that ${what}`);
  const stack = await describeStack(endpoint);
  assert.equal(stack?.StackStatus, 'CREATE_COMPLETE');
  return 'bootstrapped and deployed';
};

const destroy = async ({ shell, endpoint }: Portable): Promise<undefined> => {
  requireSuccess(await shell('npx', 'cdklocal', 'destroy', '--force'));
  assert.equal(await describeStack(endpoint), undefined);
};

const connects = (namespace: string, host: string, endpoint: string): boolean => {
  const code = `require('net').connect(${new URL(endpoint).port}, '${host}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  return spawnSync('ip', ['netns', 'exec', namespace, process.execPath, '-e', code]).status === 0;
};

const ownLoopback = async ({ network: { namespace, hostName }, endpoint }: Portable): Promise<string> => {
  if (namespace === undefined) return 'not on this machine';
  assert.equal(connects(namespace, hostName, endpoint), true, `${hostName} is reached`);
  assert.equal(connects(namespace, '127.0.0.1', endpoint), false, '127.0.0.1 is the function itself');
  return hostName;
};

// CloudFormation here gives queue URLs under a host name of the emulator's own; nobody sends to that host
const isQueueUrl = (name: string) => name.endsWith('QUEUE_URL');

const variablesOf = ({ FunctionName, Environment }: FunctionConfiguration) =>
  Object.entries(Environment?.Variables ?? {}).map(([name, value]) => ({
    name,
    text: `${FunctionName}: ${name}=${value}`,
  }));

const noAddresses = async ({ endpoint }: Portable): Promise<string> => {
  const functions: FunctionConfiguration[] = [];
  const client = new LambdaClient(clientConfig(endpoint));
  for await (const page of paginateListFunctions({ client }, {})) functions.push(...(page.Functions ?? []));
  const variables = functions.flatMap(variablesOf).filter(({ name }) => !isQueueUrl(name));
  const found = variables.filter(({ text }) => /localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0/.test(text));
  assert.deepEqual(found, []);
  assert.ok(functions.length > 0, 'there are functions');
  return `${functions.length} functions`;
};

const script =
  (name: string) =>
  async ({ shell }: Portable): Promise<string> => {
    const { code, output } = await shell('bash', `scripts/${name}.sh`);
    const checks = readChecks(output);
    const known = knownFaults.filter((fault) => fault.script === name);
    const violations = violationsOf(checks, code, known);
    if (violations.length > 0) throw new Error(`${violations.join('\n')}\n${lastLines(output)}`);
    const faults = known.map(({ check, reason }) => `; known fault: ${check} (${reason})`).join('');
    return checks.passed.length === 0 ? faults : `${checks.passed.length} checks${faults}`;
  };

const asksBeforeItAnswers = async ({ endpoint }: Portable): Promise<undefined> => {
  const { apiUrl } = await findSystem({}, { AWS_ENDPOINT_URL: endpoint });
  const response = await fetch(`${apiUrl}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-sync' },
    body: JSON.stringify({ customerEmail: 'guest@example.com', items: [{ productId: 'PROD-004', quantity: 1 }] }),
  });
  const text = await response.text();
  assert.match(`${response.status} ${text}`, /^409 .*InsufficientStock/);
};

const mailsAreSent = async ({ endpoint }: Portable): Promise<string> => {
  const text = await (await fetch(`${endpoint}/_aws/ses`)).text();
  const { messages } = JSON.parse(text) as { messages: { Destination: { ToAddresses: string[] } }[] };
  const sent = messages.filter(({ Destination }) => Destination.ToAddresses.includes('guest@example.com'));
  assert.ok(sent.length > 0, text.slice(0, 300));
  return `${sent.length} mails`;
};

/** What must hold on a local AWS that is not the usual one, in this order. */
export const steps: readonly Step[] = [
  { title: "P20 the functions' loopback is not this machine's", work: ownLoopback },
  {
    title: 'S0-55 P20 cdklocal deploy puts up what this emulator offers, and says what it leaves out',
    needed: true,
    work: deploy,
  },
  { title: 'P20 no function holds an address of the machine that deployed it', work: noAddresses },
  { title: 'S0-46 check-resources.sh lists all resources', work: script('check-resources') },
  { title: 'S0-47 seed-data.sh loads the first stock', needed: true, work: script('seed-data') },
  { title: 'S0-49 test-order-api.sh orders through the API', work: script('test-order-api') },
  { title: 'S0-50 test-parallel-processing.sh sends five at once', work: script('test-parallel-processing') },
  { title: 'S0-48 verify-phase3.sh checks the three services', work: script('verify-phase3') },
  { title: 'P20 Prefer: respond-sync asks inventory before it answers', work: asksBeforeItAnswers },
  { title: 'S0-51 test-error-scenarios.sh orders what is out of stock', work: script('test-error-scenarios') },
  { title: 'S0-45 S0-52 manage-dlq.sh shows and retries what lacked stock', work: redriveAfterRestock },
  { title: 'S0-53 test-summary.sh prints the summary', work: script('test-summary') },
  { title: 'S0-45 S0-52 manage-dlq.sh deletes what is parked', work: deleteDeadLettered },
  { title: 'S0-30 the mails are where this emulator keeps them', work: mailsAreSent },
  { title: 'S0-55 cdklocal destroy removes the stack', work: destroy },
];
