import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Policy, routes } from '../../../lambda/contracts/api/routes';
import { apiUrl } from '../../support/flow';
import type { Request } from './request';

export type Answer = { readonly status: number; readonly text: string };

const timeoutMs = 30_000;
const tries = 6;
const longestUrl = 4000; // what is longer, a server refuses before any code of ours

const pathOf = ({ operation, path, query }: Request): string => {
  const { path: template }: Policy = routes[operation];
  const part = (text: string) => encodeURIComponent(text.toWellFormed());
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => part(path[name] ?? ''));
  const parameters = Object.entries(query).map(([name, value]) => `${part(name)}=${part(value)}`);
  return parameters.length === 0 ? filled : `${filled}?${parameters.join('&')}`;
};

/** An address for each request: none is one too many from its own. */
const address = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** Whether a client can send it: headers are Latin-1 without control characters, and lose blanks at their ends. */
export const isSendable = (request: Request): boolean =>
  pathOf(request).length <= longestUrl &&
  Object.values(request.headers).every((value) =>
    /^[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa1-\xff]*[\x21-\x7e\xa1-\xff])?$/.test(value),
  ) &&
  Object.values(request.path).every((value) => !/^\.*$/.test(value)); // a URL has no segment `.` or `..`

/** Sends a request, again while it is told to come later. */
export const send = async (request: Request): Promise<Answer> => {
  const { method }: Policy = routes[request.operation];
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${apiUrl}${pathOf(request)}`, {
      method,
      headers: { 'x-forwarded-for': address(), ...request.headers },
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const answer = { status: response.status, text: await response.text() };
    if (answer.status !== 429 || attempt === tries) return answer;
    await sleep(1000 * Number(response.headers.get('retry-after') ?? 1));
  }
};
