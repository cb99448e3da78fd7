import { spawn } from 'node:child_process';
import { once } from 'node:events';

const question = "import { confirm } from './scripts/lib/confirm'; confirm('Remove it?', 3000).then(console.log)";

/** What a question on a pipe gets for this input; `undefined` leaves the pipe open and silent. */
const answerTo = async (input: string | undefined): Promise<string> => {
  const asking = spawn('npx', ['tsx', '-e', question], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  asking.stdout.on('data', (part) => {
    output += part;
  });
  if (input !== undefined) asking.stdin.end(input);
  await once(asking, 'close');
  return output.replace(/\s+/g, ' ').trim();
};

describe('F-43 a question before something is destroyed', () => {
  test.each([
    ['y\n', 'yes'],
    ['Yes\n', 'yes'],
    ['n\n', 'no'],
    ['\n', 'no'],
    ['yellow\n', 'no'],
    ['', 'none'],
    [undefined, 'none'],
  ])(
    'is answered by %j with %s',
    async (input, answer) => {
      expect(await answerTo(input)).toBe(`Remove it? [y/N] ${answer}`);
    },
    60_000,
  );
});
