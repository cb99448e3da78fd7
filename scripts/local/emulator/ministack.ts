import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../../lib/command';
import { localFolder } from '../../lib/folders';
import { until } from '../../lib/wait';
import { endProcesses, processesLike } from './processes';
import { installMiniStack, ministackPython } from './python';
import { nameLocalAws, recognise } from './recognition';
import { tail } from './run';

const State = z.object({ pid: z.int(), port: z.int(), temporaryFolder: z.string() });
type State = z.infer<typeof State>;

const stateFile = (folder: string) => join(folder, 'ministack.json');
const logFile = (folder: string) => join(folder, 'ministack.log');
const endpointOf = (port: number) => `http://127.0.0.1:${port}`;

// the temporary folder is named in every command line, so that none but our own processes are ever ended
const mark = (temporaryFolder: string) => `local-aws=${temporaryFolder}`;
const isServer =
  ({ temporaryFolder }: State) =>
  (command: string) =>
    command.includes(mark(temporaryFolder));
const isOurs = (state: State) => (command: string) =>
  isServer(state)(command) || (command.includes(`${state.temporaryFolder}/`) && command.endsWith('/_worker.js'));

const readState = (folder: string): State | undefined => {
  const file = stateFile(folder);
  return existsSync(file) ? State.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined;
};

export type LocalAws = { readonly endpoint: string; readonly pid: number };

/** The MiniStack that was started in this folder, if it still runs. */
export const runningMiniStack = (folder = localFolder): LocalAws | undefined => {
  const state = readState(folder);
  if (state === undefined) return undefined;
  const alive = processesLike(isServer(state)).some(({ pid }) => pid === state.pid);
  return alive ? { endpoint: endpointOf(state.port), pid: state.pid } : undefined;
};

/** Where a MiniStack answers that was started in this folder and not ended since, even if it died by itself. */
export const startedEndpoint = (folder = localFolder): string | undefined => {
  const state = readState(folder);
  return state === undefined ? undefined : endpointOf(state.port);
};

/** Ends the MiniStack of this folder with all its workers, if there is one, and nothing else. */
export const stopMiniStack = async (folder = localFolder): Promise<void> => {
  const state = readState(folder);
  if (state === undefined) return;
  await endProcesses(isOurs(state));
  rmSync(state.temporaryFolder, { recursive: true, force: true });
  rmSync(stateFile(folder), { force: true });
};

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** Throws with what to do when something answers on the port. */
export const requireFree = async (port: number): Promise<void> => {
  if (!(await isTaken(port))) return;
  const endpoint = endpointOf(port);
  const found = await recognise(endpoint, 5_000);
  throw new CommandError(
    found.kind === 'aws'
      ? `Port ${port} is taken: what answers there, ${found.name}, was not started from here. Use it:\n  AWS_ENDPOINT_URL=${endpoint} npm start\nor end it, or take another port:\n  npm start -- --port ${port + 1}`
      : `Port ${port} is taken by another program, which is no AWS. End it (lsof -i :${port} names it), or take another port:\n  npm start -- --port ${port + 1}`,
  );
};

// a worker inherits all of it, so it holds no credentials, no AWS profile and no Node options of the caller
const cleanEnvironment = (port: number, temporaryFolder: string): NodeJS.ProcessEnv => ({
  PATH: [dirname(process.execPath), process.env.PATH].join(':'),
  HOME: temporaryFolder,
  TMPDIR: temporaryFolder,
  LANG: 'C.UTF-8',
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(port),
  IOT_MTLS_ENABLED: '0', // its listener binds every interface, whatever BIND_HOST says
  SFTP_ENABLED: '0',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', // workers run on the caller's Node.js
});

const launch = (folder: string, port: number): { readonly pid: number; readonly hasEnded: () => boolean } => {
  mkdirSync(folder, { recursive: true });
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'order-system-'));
  const log = openSync(logFile(folder), 'w');
  const server = spawn(ministackPython, ['-X', mark(temporaryFolder), '-m', 'ministack.app'], {
    cwd: temporaryFolder,
    env: cleanEnvironment(port, temporaryFolder),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  server.unref();
  const state = { pid: server.pid ?? 0, port, temporaryFolder };
  writeFileSync(stateFile(folder), JSON.stringify(state));
  return { pid: state.pid, hasEnded: () => server.exitCode !== null };
};

// one that has just begun to listen may answer to the name of LocalStack alone
const isMiniStack = async (endpoint: string, timeoutMs?: number): Promise<boolean> =>
  (await nameLocalAws(endpoint, timeoutMs)).flavour === 'MiniStack';

/**
 * Waits until a MiniStack that runs answers; a busy machine delays it. Returns whether it does, false once it has ended.
 * Throws when it lives and does not answer in time: it holds data, so it is never ended unasked.
 */
const waitForAnswer = async ({ endpoint, pid }: LocalAws, folder: string, timeoutMs: number): Promise<boolean> => {
  const ask = async () => {
    if (await isMiniStack(endpoint, Math.min(3_000, timeoutMs))) return 'MiniStack';
    return runningMiniStack(folder)?.pid === pid ? undefined : 'ended';
  };
  const answer = await until(ask, { timeoutMs });
  if (answer !== undefined) return answer === 'MiniStack';
  throw new CommandError(
    `MiniStack, process ${pid}, runs, but it does not answer at ${endpoint}. Try again when the machine is less busy.\n"npm stop" ends it, with everything in it.`,
  );
};

export type MiniStackOptions = {
  /** @default 4566 */
  readonly port?: number;
  /** Where its state and log go. One folder holds one MiniStack. @default `.local` */
  readonly folder?: string;
  /** How long one that runs already may take to answer. @default 60 seconds */
  readonly timeoutMs?: number;
};

/**
 * Starts the pinned MiniStack in the background, on loopback alone and without persistence, and waits until it answers.
 * One that runs in this folder already is used as it is.
 */
export const startMiniStack = async ({
  port = 4566,
  folder = localFolder,
  timeoutMs = 60_000,
}: MiniStackOptions = {}): Promise<LocalAws> => {
  const running = runningMiniStack(folder);
  if (running !== undefined && (await waitForAnswer(running, folder, timeoutMs))) return running;
  await stopMiniStack(folder);
  await installMiniStack();
  await requireFree(port);
  const { pid, hasEnded } = launch(folder, port);
  const endpoint = endpointOf(port);
  const ask = async () => {
    if (hasEnded()) return 'ended';
    return (await isMiniStack(endpoint)) ? 'MiniStack' : undefined;
  };
  const answer = await until(ask, { timeoutMs: 60_000 });
  if (answer === 'MiniStack') return { endpoint, pid };
  const end = tail(logFile(folder));
  await stopMiniStack(folder);
  throw new CommandError(`MiniStack did not start. The end of its log:\n\n${end}\n\nAll of it: ${logFile(folder)}`);
};
