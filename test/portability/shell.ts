import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, projectFolder } from '../../scripts/lib/folders';

/** How a command ended, what it printed to standard output, and all that it printed. */
export type Ended = { readonly code: number | null; readonly stdout: string; readonly output: string };

/** Runs a command of the project as a person would type it. */
export type Shell = (...words: readonly [string, ...string[]]) => Promise<Ended>;

// neither the caller's AWS nor what points at another system
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|SYSTEM_OUTPUTS$)/.test(name)));

const noNodeWarning = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

const logFolder = join(localFolder, 'portability');

const logFileOf = (words: readonly string[]) =>
  join(
    logFolder,
    `${words
      .join('-')
      .replace(/[^\w.]+/g, '-')
      .slice(0, 80)}.log`,
  );

/** Makes a shell for the local AWS at this endpoint. What a command prints is kept in `.local/portability/`, too. */
export const shellAt = (endpoint: string, deadline: AbortSignal): Shell => {
  mkdirSync(logFolder, { recursive: true });
  const env = { ...cleanEnvironment(), AWS_ENDPOINT_URL: endpoint, NO_COLOR: '1', [noNodeWarning]: 'true' };
  return (...words) => {
    const [program, ...args] = words;
    const signal = AbortSignal.any([deadline, AbortSignal.timeout(300_000)]);
    const child = spawn(program, args, { cwd: projectFolder, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    return new Promise((resolve, reject) => {
      child.on('error', (error) => reject(signal.aborted ? new Error(`${words.join(' ')} took too long`) : error));
      child.on('close', (code) => {
        writeFileSync(logFileOf(words), output);
        resolve({ code, stdout, output });
      });
    });
  };
};
