import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandError } from '../../scripts/lib/command';
import { localFolder } from '../../scripts/lib/folders';
import { until } from '../../scripts/lib/wait';
import { endProcesses } from '../../scripts/local/emulator/processes';
import { tail } from '../../scripts/local/emulator/run';
import type { FunctionsNetwork } from './network';
import { localEmuPython } from './python';

/** What LocalStack offers without a licence: no Cognito, no API Gateway v2, no SES v2. */
const services = `acm apigateway cloudformation cloudwatch config dynamodb dynamodbstreams ec2 events firehose iam
  kinesis kms lambda logs resource-groups resourcegroupstaggingapi route53 s3 s3control scheduler secretsmanager ses
  sns sqs ssm stepfunctions sts support`.split(/\s+/);

const logFile = join(localFolder, 'localemu.log');

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

// functions get none of it: each has what Lambda gives it and what its stack says
const cleanEnvironment = (folder: string, port: number, { listen, hostName, namespace }: FunctionsNetwork) => ({
  PATH: [dirname(process.execPath), '/usr/sbin', '/sbin', '/usr/bin', '/bin'].join(':'),
  HOME: folder,
  TMPDIR: folder,
  FILESYSTEM_ROOT: join(folder, 'root'),
  LANG: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
  GATEWAY_LISTEN: listen.map((host) => `${host}:${port}`).join(','),
  SERVICES: services.join(','),
  SKIP_SSL_CERT_DOWNLOAD: '1',
  DISABLE_EVENTS: '1',
  LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '1',
  FUNCTIONS_NODE: process.execPath,
  FUNCTIONS_HOST: hostName,
  FUNCTIONS_NAMESPACE: namespace ?? '',
});

const answers = async (endpoint: string): Promise<true | undefined> => {
  const answer = await fetch(`${endpoint}/_localemu/health`, { signal: AbortSignal.timeout(3_000) }).catch(
    () => undefined,
  );
  return answer?.ok || undefined;
};

export type LocalEmu = {
  readonly endpoint: string;
  /** Ends it with all its functions, and removes what it wrote. */
  readonly stop: () => Promise<void>;
};

/** Starts LocalEmu on a free port of loopback, and waits until it answers. */
export const startLocalEmu = async (network: FunctionsNetwork): Promise<LocalEmu> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'order-system-localemu-'));
  mkdirSync(localFolder, { recursive: true });
  const log = openSync(logFile, 'w');
  // the folder is named in the command line of the emulator and of each function, so that none but our own are ever ended
  const server = spawn(localEmuPython, ['-X', `local-aws=${folder}`, join(__dirname, 'emulator', 'start.py')], {
    cwd: folder,
    env: cleanEnvironment(folder, port, network),
    detached: true, // Ctrl-C ends the test, which then ends it
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const stop = async () => {
    await endProcesses((command) => command.includes(folder));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const state = await until(async () => (server.exitCode === null ? answers(endpoint) : 'ended'), {
    timeoutMs: 120_000,
  });
  if (state === true) return { endpoint, stop };
  await stop();
  throw new CommandError(
    `LocalEmu did not start. ${existsSync(logFile) ? tail(logFile) : ''}\n\nAll of it: ${logFile}`,
  );
};
