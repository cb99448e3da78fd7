import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../lib/command';
import { localFolder, projectFolder } from '../lib/folders';
import { until } from '../lib/wait';
import { endProcesses, processesLike } from './emulator/processes';
import { tail } from './emulator/run';

const State = z.object({
  pid: z.int(),
  url: z.url(),
  webhookUrl: z.string(),
  host: z.string().default('127.0.0.1'),
  endpoint: z.string().default(''),
});
type State = z.infer<typeof State>;

/** Where the functions of a local system look for payment providers, on the host of the local AWS. */
const port = 4570;
const urlAt = (host: string) => `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;

const stateFile = (folder: string) => join(folder, 'payment-simulator.json');
const logFile = (folder: string) => join(folder, 'payment-simulator.log');
const tsx = join(projectFolder, 'node_modules', 'tsx', 'dist', 'cli.mjs');
const script = join(projectFolder, 'scripts', 'commands', 'payment-simulator.ts');

// a condition that nothing asks for: it names the folder in the command line, so that none but our own is ever ended
const mark = (folder: string) => `--conditions=payment-simulator-of-${folder}`;
const isOurs = (folder: string) => (command: string) => command.includes(mark(folder));

const readState = (folder: string): State | undefined => {
  const file = stateFile(folder);
  return existsSync(file) ? State.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined;
};

/** The payment simulator that was started in this folder, if it still runs. */
export const runningSimulator = (folder = localFolder): State | undefined => {
  const state = readState(folder);
  const alive = processesLike(isOurs(folder)).some(({ pid }) => pid === state?.pid);
  return alive ? state : undefined;
};

/** Ends the payment simulator of this folder, and nothing else. Returns whether there was one. */
export const stopSimulator = async (folder = localFolder): Promise<boolean> => {
  const wasThere = runningSimulator(folder) !== undefined;
  await endProcesses(isOurs(folder));
  rmSync(stateFile(folder), { force: true });
  return wasThere;
};

/** Whether a payment simulator answers, whoever has started it. */
const answers = async (url: string): Promise<true | undefined> => {
  try {
    const response = await fetch(`${url}/simulator/health`, { signal: AbortSignal.timeout(2000) });
    const { name } = (await response.json()) as { name?: unknown };
    return name === 'payment-simulator' || undefined;
  } catch {
    return undefined; // nobody, or another program
  }
};

const launch = (folder: string, { webhookUrl, host, endpoint }: Omit<State, 'pid' | 'url'>) => {
  mkdirSync(folder, { recursive: true });
  const log = openSync(logFile(folder), 'w');
  const given = ['--port', String(port), '--host', host, '--webhook-url', webhookUrl, '--mailbox', endpoint];
  const simulator = spawn(process.execPath, [tsx, mark(folder), script, ...given], {
    cwd: projectFolder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  simulator.unref();
  writeFileSync(
    stateFile(folder),
    JSON.stringify({ pid: simulator.pid ?? 0, url: urlAt(host), webhookUrl, host, endpoint }),
  );
  return { hasEnded: () => simulator.exitCode !== null };
};

export type SimulatorPlace = {
  /** The IPv4 address of this machine that it listens on. @default 127.0.0.1 */
  readonly host?: string | undefined;
  /** Where its state and log go. @default `.local` */
  readonly folder?: string;
};

/**
 * Starts the payment simulator in the background, with webhooks to the API at `apiUrl` and the mails of the local AWS at
 * `endpoint`, and waits until it answers. One
 * that runs for this API already, on this address, is used as it is, and so is one that somebody else has started.
 */
export const startSimulator = async (
  { apiUrl, endpoint }: { readonly apiUrl: string; readonly endpoint: string },
  { host = '127.0.0.1', folder = localFolder }: SimulatorPlace = {},
): Promise<{ url: string; ours: boolean }> => {
  const wanted = { webhookUrl: `${apiUrl}/webhooks/{provider}`, host, endpoint };
  const url = urlAt(host);
  const running = runningSimulator(folder);
  const isWanted = running?.webhookUrl === wanted.webhookUrl && running.host === host && running.endpoint === endpoint;
  if (isWanted && (await answers(url))) return { url, ours: true };
  await stopSimulator(folder);
  if (await answers(url)) return { url, ours: false };
  const { hasEnded } = launch(folder, wanted);
  const ready = async () => (hasEnded() ? 'ended' : (await answers(url)) && 'ready');
  if ((await until(ready, { timeoutMs: 30_000 })) === 'ready') return { url, ours: true };
  const end = tail(logFile(folder));
  await stopSimulator(folder);
  throw new CommandError(`The payment simulator did not start. The end of its log:\n\n${end}`);
};
