import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { localApiId } from '../../lib/api';
import { localFolder } from '../../scripts/lib/folders';
import { startMiniStack, stopMiniStack } from '../../scripts/local/emulator/ministack';
import { run } from '../../scripts/local/emulator/run';
import { allLogLines, canary } from './flow-logs';
import { startPaymentSimulator } from './payment-simulator';

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

/** What makes clients of AWS go to a local one. */
export const awsEnvironment = (endpoint: string): Record<string, string> => ({
  ...credentials,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
});

/** Starts a local AWS on a free port, so that one on 4566 is left alone, in `folder`. */
export const startOwnAws = async (folder: string) => {
  await stopMiniStack(folder); // of a run that was ended by force
  const { endpoint, pid } = await startMiniStack({ port: await freePort(), folder });
  return { endpoint, pid, environment: awsEnvironment(endpoint), stop: () => stopMiniStack(folder) };
};

/** Runs the CDK against a local AWS; its whole output is in `log`. */
export const cdklocal = (args: readonly string[], environment: Record<string, string>, log: string) =>
  run({ program: 'npx', args: ['cdklocal', ...args], log, env: { ...process.env, ...environment } });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Ends what runs of the flow tests have left that were ended by force. */
const clearLeftovers = async () => {
  mkdirSync(localFolder, { recursive: true });
  const folders = readdirSync(localFolder).filter((name) => /^flow-\d+-\w+$/.test(name));
  for (const name of folders.filter((one) => !isAlive(Number.parseInt(one.slice('flow-'.length), 10)))) {
    await stopMiniStack(join(localFolder, name));
    await stopCheckouts(join(localFolder, name));
    rmSync(join(localFolder, name), { recursive: true, force: true });
  }
};

const checkoutsIn = (folder: string) => join(folder, 'checkouts');

/** Notes a checkout in which a flow test starts a system: it is ended with the run, even if the test never comes to that. */
export const noteCheckout = (checkout: string): void => {
  const { FLOW_FOLDER } = process.env;
  if (FLOW_FOLDER !== undefined) appendFileSync(checkoutsIn(FLOW_FOLDER), `${checkout}\n`);
};

const stopCheckouts = async (folder: string): Promise<void> => {
  if (!existsSync(checkoutsIn(folder))) return;
  const left = readFileSync(checkoutsIn(folder), 'utf8').trim().split('\n').filter(existsSync);
  for (const checkout of left) {
    await run({
      program: 'npm',
      args: ['stop', '--prefix', checkout],
      log: join(folder, 'stop.log'),
      env: process.env,
    });
    rmSync(checkout, { recursive: true, force: true });
  }
};

const webhooksOf = (endpoint: string) => `${endpoint}/_aws/execute-api/${localApiId}/local/webhooks/{provider}`;

const credentialsOf = ({ AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' }: Record<string, string>) => ({
  accessKeyId: AWS_ACCESS_KEY_ID,
  secretAccessKey: AWS_SECRET_ACCESS_KEY,
});

/** P14: throws when any function has logged what a flow test planted as personal data or as a secret. */
const searchLogs = async ({ endpoint, environment }: Awaited<ReturnType<typeof startOwnAws>>) => {
  const logs = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials: credentialsOf(environment) });
  const lines = await allLogLines(logs);
  const told = lines.filter((line) => line.includes(canary));
  if (lines.length > 0 && told.length === 0) return;
  throw new Error(
    `P14 of ${lines.length} log lines ${told.length} hold personal data:\n${told.slice(0, 5).join('\n')}`,
  );
};

/**
 * A system that flow tests share, with a name in this process. They find it by its environment, as every client of AWS does.
 * `end` throws when there is personal data in the logs of all that was done with it.
 */
export const startFlowSystem = async (name: string) => {
  await clearLeftovers();
  const folder = join(localFolder, `flow-${process.pid}-${name}`); // two runs at the same time do not meet
  const aws = await startOwnAws(folder);
  const simulator = await startPaymentSimulator(webhooksOf(aws.endpoint));
  const stop = async () => {
    await simulator.stop();
    await aws.stop();
    await stopCheckouts(folder);
  };
  const own = { FLOW_EMULATOR_PID: String(aws.pid), FLOW_FOLDER: folder, FLOW_SIMULATOR_URL: simulator.url };
  const environment = { ...aws.environment, ...own };
  const onHost = simulator.url.replace('127.0.0.1', 'host.docker.internal'); // no function is told of loopback
  const providers = ['stripeUrl', 'paypayUrl'].flatMap((name) => ['--context', `${name}=${onHost}`]);
  const deploy = ['deploy', '--require-approval', 'never', ...providers, '--output', join(folder, 'cdk.out')];
  try {
    await cdklocal(['bootstrap'], aws.environment, join(folder, 'bootstrap.log'));
    await cdklocal(deploy, aws.environment, join(folder, 'deploy.log'));
  } catch (error) {
    await stop();
    throw error;
  }
  const end = async () => {
    try {
      await searchLogs(aws);
    } finally {
      await stop();
    }
  };
  return { environment, stop, end };
};
