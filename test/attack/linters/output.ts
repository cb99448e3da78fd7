import { execFile } from 'node:child_process';

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a linter, which ends with a code of its own when it finds something. */
export const outputOf = (
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    execFile(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });

/** What a linter printed as JSON. Throws with its words when that is none. */
export const jsonOf = ({ code, stdout, stderr }: Ran): unknown => {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`The linter ended with ${code}: ${stderr || stdout}`, { cause });
  }
};
