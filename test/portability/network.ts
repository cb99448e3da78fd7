import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where functions run, and by which name they find this machine. */
export type FunctionsNetwork = {
  /** The network namespace of the functions. `undefined` when they share this machine's network. */
  readonly namespace: string | undefined;
  /** Addresses of this machine that functions and scripts scope. No other machine reaches them. */
  readonly listen: readonly string[];
  /** This machine's name for functions. */
  readonly hostName: string;
};

const shared: FunctionsNetwork = { namespace: undefined, listen: ['127.0.0.1'], hostName: '127.0.0.1' };

const hostName = 'host.docker.internal';
const namespaceFiles = '/etc/netns';

const ip = (...args: string[]): string | undefined => {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
};

/** A /30 of its own for each process number: two runs on one machine do not meet. */
const addressesOf = (pid: number) => {
  const start = `10.213.${(pid >> 6) % 256}`;
  const base = (pid % 64) * 4;
  return { host: `${start}.${base + 1}`, functions: `${start}.${base + 2}` };
};

const namesOf = (pid: number) => ({ namespace: `order-functions-${pid}`, link: `of${pid}a`, inner: `of${pid}b` });

const create = (pid: number): string | undefined => {
  const { namespace, link, inner } = namesOf(pid);
  const { host, functions } = addressesOf(pid);
  const steps = [
    ['netns', 'add', namespace],
    ['link', 'add', link, 'type', 'veth', 'peer', 'name', inner, 'netns', namespace],
    ['addr', 'add', `${host}/30`, 'dev', link],
    ['link', 'set', link, 'up'],
    ['-n', namespace, 'addr', 'add', `${functions}/30`, 'dev', inner],
    ['-n', namespace, 'link', 'set', inner, 'up'],
    ['-n', namespace, 'link', 'set', 'lo', 'up'],
  ];
  for (const step of steps) {
    const problem = ip(...step);
    if (problem !== undefined) return problem;
  }
  const folder = join(namespaceFiles, namespace);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost\n${host} ${hostName}\n`);
  return undefined;
};

/** Removes the functions' network of this process. Does nothing when there is none. */
export const removeNetwork = (pid = process.pid): void => {
  const { namespace, link } = namesOf(pid);
  ip('link', 'del', link);
  ip('netns', 'del', namespace);
  rmSync(join(namespaceFiles, namespace), { recursive: true, force: true });
};

/**
 * Makes a network for functions with a loopback of its own, as in a container. Where that is not allowed, functions share
 * this machine's network, and `problem` says why.
 */
export const makeNetwork = (pid = process.pid): { readonly network: FunctionsNetwork; readonly problem?: string } => {
  if (process.platform !== 'linux') return { network: shared, problem: `there are none on ${process.platform}` };
  if (process.getuid?.() !== 0) return { network: shared, problem: 'only root may make one' };
  const problem = create(pid);
  if (problem === undefined)
    return {
      network: { namespace: namesOf(pid).namespace, listen: ['127.0.0.1', addressesOf(pid).host], hostName },
    };
  removeNetwork(pid);
  return { network: shared, problem };
};
