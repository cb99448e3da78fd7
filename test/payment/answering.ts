import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that answers every query with this, until it is disposed of. */
export const answering = async (status: number, body: unknown) => {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => server.close() };
};
