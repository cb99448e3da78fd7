import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What can go wrong with one call: it never arrives, its answer is lost after the effect, AWS refuses it for now, or
 * nothing comes of it, not even an end.
 */
export type Fault = 'lost-request' | 'lost-answer' | 'throttled' | 'conflict' | 'internal-error' | 'no-end';

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

const dynamoError = (name: string, more = {}) =>
  JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'injected', ...more });

const refusals: Partial<Record<Fault, readonly [number, string]>> = {
  throttled: [400, dynamoError('ProvisionedThroughputExceededException')],
  conflict: [
    400,
    dynamoError('TransactionCanceledException', {
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    }),
  ],
  'internal-error': [500, dynamoError('InternalServerError')],
};

const refusalOf = (fault: Fault | undefined) => (fault && refusals[fault]) ?? [];

/** What becomes of calls that never scope AWS. */
const unsent: Partial<Record<Fault, (incoming: IncomingMessage) => void>> = {
  'lost-request': ({ socket }) => void socket.destroy(),
  'no-end': () => undefined, // until its caller dies, or the proxy is stopped
};

/**
 * A proxy on loopback between functions and AWS. `choose` names the fault of each call, by its operation
 * (`DynamoDB_20120810.PutItem`, or `sns`), or none.
 */
export const startFaultProxy = async (upstream: string, choose: (operation: string) => Fault | undefined) => {
  const { hostname, port } = new URL(upstream);
  const injected = new Map<Fault, number>();

  const forward = (incoming: IncomingMessage, body: Buffer): Promise<{ answer: IncomingMessage; content: Buffer }> =>
    new Promise((resolve, reject) => {
      const { method, url, headers } = incoming;
      const outgoing = request({ hostname, port, method, path: url, headers }, (answer) => {
        bodyOf(answer).then((content) => resolve({ answer, content }), reject);
      });
      outgoing.on('error', reject).end(body);
    });

  const count = (fault: Fault | undefined) => {
    if (fault !== undefined) injected.set(fault, (injected.get(fault) ?? 0) + 1);
    return fault;
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(incoming);
    const fault = count(choose(String(incoming.headers['x-amz-target'] ?? 'sns')));
    const lost = fault && unsent[fault];
    if (lost) return lost(incoming);
    const [status, refusal] = refusalOf(fault);
    if (status !== undefined) {
      return response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal);
    }
    const { answer, content } = await forward(incoming, body);
    if (fault === 'lost-answer') return incoming.socket.destroy();
    return response.writeHead(answer.statusCode ?? 500, answer.headers).end(content);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How many calls each fault has hit. */
    injected: (): number => [...injected.values()].reduce((sum, hits) => sum + hits, 0),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
