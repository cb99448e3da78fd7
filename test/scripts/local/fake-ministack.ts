import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/flow-system';

/** What it does with a request: `hangs` until it becomes another, or ends the connection. */
type Behaviour = 'answers' | 'hangs' | 'refuses';

const program = `
const { createServer } = require('node:http');
let behaviour = process.argv[1];
const waiting = [];
const answer = (request, response) => {
  if (behaviour === 'refuses') return request.socket.destroy();
  const healthy = request.url === '/_ministack/health';
  response.writeHead(healthy ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
};
createServer((request, response) => {
  process.send('asked');
  if (behaviour === 'hangs') waiting.push([request, response]);
  else answer(request, response);
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.send('listening'));
process.on('message', (next) => {
  behaviour = next;
  for (const [request, response] of waiting.splice(0)) answer(request, response);
});
process.on('disconnect', () => process.exit());
`;

const saying = (child: ChildProcess, what: string): Promise<void> =>
  new Promise((resolve) => {
    const listen = (said: unknown) => {
      if (said !== what) return;
      child.off('message', listen);
      resolve();
    };
    child.on('message', listen);
  });

/** A process that the notes in `folder` take for the MiniStack that was started there. */
export const startFakeMiniStack = async (folder: string, behaviour: Behaviour) => {
  const port = await freePort();
  const temporaryFolder = join(folder, 'temporary');
  const child = spawn(process.execPath, ['-e', program, behaviour, String(port), `local-aws=${temporaryFolder}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await saying(child, 'listening');
  const pid = child.pid ?? 0;
  writeFileSync(join(folder, 'ministack.json'), JSON.stringify({ pid, port, temporaryFolder }));
  return {
    pid,
    endpoint: `http://127.0.0.1:${port}`,
    /** Settles with the next request. */
    asked: () => saying(child, 'asked'),
    become: (next: Behaviour) => child.send(next),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stop: () => {
      child.kill();
      return ended;
    },
  };
};
