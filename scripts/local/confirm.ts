import { createInterface } from 'node:readline';

export type ConfirmAnswer = 'yes' | 'no' | 'none';

const meaningOf = (line: string): ConfirmAnswer => (/^\s*y(es)?\s*$/i.test(line) ? 'yes' : 'no');

/**
 * Asks a question that only `y` or `yes` agrees to, on a terminal or a pipe. Returns `none` when the input ends without
 * an answer; a pipe is waited for no longer than `timeoutMs`.
 */
export const confirm = (question: string, timeoutMs = 30_000): Promise<ConfirmAnswer> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin });
    const timer = process.stdin.isTTY ? undefined : setTimeout(() => lines.close(), timeoutMs);
    let answer: ConfirmAnswer = 'none';
    lines.once('line', (line) => {
      answer = meaningOf(line);
      lines.close();
    });
    lines.once('close', () => {
      clearTimeout(timer);
      process.stdin.destroy(); // an open pipe would keep the process
      if (!process.stdin.isTTY) process.stdout.write('\n');
      resolve(answer);
    });
    process.stdout.write(`${question} [y/N] `);
  });
