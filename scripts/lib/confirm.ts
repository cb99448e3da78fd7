import { createInterface } from 'node:readline';
import { createInterface as createPrompt } from 'node:readline/promises';
import { CommandError } from './command';

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

/** Asks a question on the terminal; no answer, and an interruption, are a no. Throws without a terminal. */
export const agreed = async (question: string, signal?: AbortSignal): Promise<boolean> => {
  if (!process.stdin.isTTY) throw new CommandError(`${question} Nobody is there to answer: say --yes.`);
  const asking = createPrompt({ input: process.stdin, output: process.stderr, terminal: false });
  const answer = await asking
    .question(`${question} [y/N] `, signal === undefined ? {} : { signal })
    .catch(() => '') // interrupted
    .finally(() => asking.close());
  return /^y(es)?$/i.test(answer.trim());
};
