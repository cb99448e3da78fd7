import type { IncomingMessage } from 'node:http';
import type { Reply } from '../lib/page';
import type { SimulatedPayment } from './payment';

/** A reply that comes late, or never although what was asked has happened. */
export type ResponsePlan = { readonly reply: Reply; readonly delayMs?: number; readonly lost?: boolean };

export type Asked = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
};

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
  headers,
});

const maxBytes = 1_000_000;

/** Returns undefined when the body is larger than a megabyte. */
export const readRequest = async (request: IncomingMessage): Promise<Asked | undefined> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > maxBytes) return undefined;
    parts.push(part as Buffer);
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    header: (name) => [request.headers[name]].flat()[0],
    body: Buffer.concat(parts).toString('utf8'),
  };
};

/** How the scenario of a payment answers a request whose effect has happened already. */
export const planResponse = (payment: SimulatedPayment, changes: boolean, reply: Reply): ResponsePlan => {
  const { scenario } = payment;
  if (changes && scenario.answersToLose > 0) {
    scenario.answersToLose -= 1;
    return { reply, lost: true };
  }
  return scenario.name === 'slow' ? { reply, delayMs: scenario.delayMs } : { reply };
};
