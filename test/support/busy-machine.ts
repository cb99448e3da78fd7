import { spawn } from 'node:child_process';

/** Keeps the machine busy with so many processes of its own while `work` runs, and ends them then. */
export const whileBusy = async <Result>(processes: number, work: () => Promise<Result>): Promise<Result> => {
  const busy = Array.from({ length: processes }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    return await work();
  } finally {
    for (const child of busy) child.kill('SIGKILL'); // by its process ID
  }
};
