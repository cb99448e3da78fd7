import { readFileSync, readSync } from 'node:fs';

// loads a function as its cold start does, then waits to be held to the quota, and answers its first request

const [bundle, eventFile] = process.argv.slice(2);
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const tell = (what) => process.stderr.write(`${JSON.stringify(what)}\n`);

const started = performance.now();
const { handler } = await import(bundle);
tell({ load: performance.now() - started });
for (let read = 0; read === 0; ) {
  try {
    read = readSync(0, Buffer.alloc(3));
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error; // whoever touched process.stdin has made it non-blocking
  }
}
const called = performance.now();
const result = await handler(event, { awsRequestId: 'request-1', functionName: 'cold' });
const call = performance.now() - called;
tell({ call, answer: String(result.statusCode ?? result.policyDocument?.Statement[0].Effect) });
process.exit();
