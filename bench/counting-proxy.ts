import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { readBody } from './stub-aws';

const Read = z.object({
  ScannedCount: z.int().optional(),
  Items: z.array(z.unknown()).optional(),
  Item: z.unknown().optional(),
  Responses: z.record(z.string(), z.array(z.unknown())).optional().catch(undefined),
});

/** How many items DynamoDB read for an answer, whether or not a filter let them through. */
export const itemsRead = (answer: unknown): number => {
  const { success, data } = Read.safeParse(answer);
  if (!success) return 0;
  const { ScannedCount, Items = [], Item, Responses = {} } = data;
  const got = Object.values(Responses).reduce((total, items) => total + items.length, 0);
  return (ScannedCount ?? Items.length) + (Item === undefined ? 0 : 1) + got;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What was read and how often was asked since it was taken last. */
export type Reads = { calls: number; items: number };

const reading = /\.(Query|Scan|GetItem|BatchGetItem)$/;

/** A proxy on loopback before a local AWS, which counts what is read from DynamoDB. */
export const startCountingProxy = async (upstream: string) => {
  const { hostname, port } = new URL(upstream);
  let reads: Reads = { calls: 0, items: 0 };

  const forward = (incoming: IncomingMessage, body: string): Promise<{ answer: IncomingMessage; content: string }> =>
    new Promise((resolve, reject) => {
      const { method, url, headers } = incoming;
      const outgoing = request({ hostname, port, method, path: url, headers }, (answer) => {
        readBody(answer).then((content) => resolve({ answer, content }), reject);
      });
      outgoing.on('error', reject).end(body);
    });

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { answer, content } = await forward(incoming, await readBody(incoming));
    if (reading.test(String(incoming.headers['x-amz-target'])))
      reads = { calls: reads.calls + 1, items: reads.items + itemsRead(parse(content)) };
    response.writeHead(answer.statusCode ?? 500, answer.headers).end(content);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: (): Reads => {
      const taken = reads;
      reads = { calls: 0, items: 0 };
      return taken;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
