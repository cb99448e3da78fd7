import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const folder = mkdtempSync(join(tmpdir(), 'function-'));
const processes: ChildProcess[] = [];

afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true }));

let functions = 0;

/** One execution environment of a function with this source. */
const start = (source: string, extension = 'mjs') => {
  functions += 1;
  const name = `function${functions}`;
  writeFileSync(join(folder, `${name}.${extension}`), source);
  const child = spawn(process.execPath, [join(__dirname, 'emulator', 'runtime.mjs'), '3'], {
    cwd: folder,
    env: { _HANDLER: `${name}.handler`, AWS_LAMBDA_FUNCTION_TIMEOUT: '3', AWS_LAMBDA_FUNCTION_NAME: name },
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  processes.push(child);
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value);
  const invoke = (event: unknown) => {
    const invocation = { requestId: 'r-1', arn: 'arn:1', traceId: 'Root=1', payload: JSON.stringify(event) };
    child.stdin?.write(`${JSON.stringify(invocation)}\n`);
    return answer();
  };
  return { child, answer, invoke };
};

describe('P20 a function on the second emulator', () => {
  test.each(['mjs', 'js'])('answers one invocation after another (.%s)', async (extension) => {
    const code =
      'async (event, context) => ({ seen: event.n, id: context.awsRequestId, left: context.getRemainingTimeInMillis() <= 3000 })';
    const { answer, invoke } = start(
      extension === 'mjs' ? `export const handler = ${code}` : `exports.handler = ${code}`,
      extension,
    );
    expect(await answer()).toEqual({ ready: true });
    expect(await invoke({ n: 1 })).toEqual({ result: { seen: 1, id: 'r-1', left: true } });
    expect(await invoke({ n: 2 })).toEqual({ result: { seen: 2, id: 'r-1', left: true } });
  });

  test('answers null for nothing, and a throw with its name and message', async () => {
    const { answer, invoke } = start(
      'export const handler = async ({ bad }) => { if (bad) throw new TypeError("wrong"); };',
    );
    await answer();
    expect(await invoke({})).toEqual({ result: null });
    expect((await invoke({ bad: true })).error).toMatchObject({ errorType: 'TypeError', errorMessage: 'wrong' });
    expect(await invoke({})).toEqual({ result: null });
  });

  test('ends when something throws beside the handler, and says so', async () => {
    const { child, answer, invoke } = start(
      'export const handler = () => new Promise(() => setImmediate(() => { throw new Error("beside"); }));',
    );
    await answer();
    const ended = once(child, 'exit');
    expect((await invoke({})).error).toMatchObject({ errorType: 'Runtime.UncaughtException', errorMessage: 'beside' });
    expect(await ended).toEqual([1, null]);
  });

  test('that cannot be loaded says why', async () => {
    expect((await start('throw new Error("no table");').answer()).error).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: 'no table',
    });
    expect((await start('export const other = 1;').answer()).error.errorMessage).toMatch(/handler is not a function$/);
  });

  test('ends when nobody invokes it any more', async () => {
    const { child, answer } = start('export const handler = async () => 1; setInterval(() => {}, 1000);');
    await answer();
    const ended = once(child, 'exit');
    child.stdin?.end();
    expect(await ended).toEqual([0, null]);
  });
});
