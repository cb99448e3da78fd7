import { isIPv4, isIPv6 } from 'node:net';
import * as z from 'zod';
import type { Request } from './http';

/** Who made a change, and from where, as facts keep it. */
export type Origin = { readonly actor?: string | undefined; readonly network?: string | undefined };

/** The same in a row. Rows that were written before it was kept lack it. */
export const originColumns = { actor: z.string().optional(), network: z.string().optional() };

/** The eight groups of an IPv6 address. */
export const groupsOf = (address: string): string[] => {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
};

/** The network that an address is in: an IPv4 /24 or IPv6 /48. Nothing when it is no address. */
export const networkOf = (address: string): string | undefined => {
  const mapped = address.replace(/^::ffff:/i, '');
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return undefined;
  const site = groupsOf(address).slice(0, 3);
  return `${site.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
};

/** Who sends a request, and from where: for the facts that come of it. No whole address is kept. */
export const actorOf = ({ caller, sourceIp }: Pick<Request, 'caller' | 'sourceIp'>) => ({
  actor: caller.userId ?? 'guest',
  network: networkOf(sourceIp),
});
