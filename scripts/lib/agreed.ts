import { createInterface } from 'node:readline/promises';
import { CommandError } from './command';

/** Asks a question on the terminal; nobody's answer, and an interruption, are a no. Throws when nobody is there. */
export const agreed = async (question: string, signal?: AbortSignal): Promise<boolean> => {
  if (!process.stdin.isTTY) throw new CommandError(`${question} Nobody is there to answer: say --yes.`);
  const asking = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const answer = await asking
    .question(`${question} [y/N] `, signal === undefined ? {} : { signal })
    .catch(() => '') // interrupted
    .finally(() => asking.close());
  return /^y(es)?$/i.test(answer.trim());
};
