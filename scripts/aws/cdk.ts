import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CommandError } from '../lib/command';
import { projectFolder } from '../lib/folders';

/** Runs the project's own CDK with these arguments; what it writes goes to the terminal. */
export type RunCdk = (args: readonly string[]) => Promise<void>;

const program = join(projectFolder, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** Returns a CDK that works in `region`, whatever region the environment names. Throws when CDK ends with a failure. */
export const cdkIn =
  (region: string): RunCdk =>
  (args) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region };
      const child = spawn(process.execPath, [program, ...args], { cwd: projectFolder, env, stdio: 'inherit' });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (code === 0) return resolve();
        reject(
          new CommandError(`cdk ${args[0]} ${signal === null ? `ended with ${code}` : `was stopped (${signal})`}.`),
        );
      });
    });
