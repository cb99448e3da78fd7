import * as z from 'zod';
import { signedCall } from '../../lib/system/signed-call';
import { clientConfig } from './endpoint';

// each is asked for by its own name first: several answer to LocalStack's name, too
const healthPaths = {
  MiniStack: '/_ministack/health',
  LocalEmu: '/_localemu/health',
  Floci: '/_floci/health',
  LocalStack: '/_localstack/health',
} as const;

/** Which local AWS it is. */
type Flavour = keyof typeof healthPaths | 'unknown';

/** A local AWS that answers signed calls. */
export type LocalAwsKind = { readonly flavour: Flavour; readonly name: string };

/** What was found at an endpoint. */
export type Recognition =
  | ({ readonly kind: 'aws' } & LocalAwsKind)
  | { readonly kind: 'other program'; readonly answer: string }
  | { readonly kind: 'no answer'; readonly timeoutMs: number }
  | { readonly kind: 'nothing' };

const Health = z.object({ version: z.string().optional().catch(undefined) });

const healthAt = async (url: string, timeoutMs: number): Promise<z.infer<typeof Health> | undefined> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok ? Health.safeParse(await response.json()).data : undefined;
  } catch {
    return undefined; // nobody, or another program
  }
};

const known = Object.keys(healthPaths) as (keyof typeof healthPaths)[];

/** Which local AWS says so of itself there, by its health alone. `unknown` when none does. */
export const nameLocalAws = async (endpoint: string, timeoutMs = 3_000): Promise<LocalAwsKind> => {
  for (const flavour of known) {
    const health = await healthAt(`${endpoint}${healthPaths[flavour]}`, timeoutMs);
    if (health !== undefined) return { flavour, name: [flavour, health.version].filter(Boolean).join(' ') };
  }
  return { flavour: 'unknown', name: 'an unknown local AWS' };
};

const calls = [
  { service: 'sts', body: 'Action=GetCallerIdentity&Version=2011-06-15', good: /GetCallerIdentityRes/ },
  { service: 'cloudformation', body: 'Action=ListStacks&Version=2010-05-15', good: /ListStacksRes/ },
];

type Outcome = { readonly kind: 'aws' } | Exclude<Recognition, { kind: 'aws' }>;
type Failure = Exclude<Outcome, { kind: 'aws' }>;

const shown = (status: number, text: string): string =>
  `${status} ${text.replace(/\s+/g, ' ').trim().slice(0, 60)}`.trim();

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';

const ask = async (endpoint: string, call: (typeof calls)[number], timeoutMs: number): Promise<Outcome> => {
  const { service, body, good } = call;
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  try {
    const response = await signedCall(clientConfig(endpoint), { service, headers, body, timeoutMs });
    const text = await response.text();
    return response.ok && good.test(text)
      ? { kind: 'aws' }
      : { kind: 'other program', answer: shown(response.status, text) };
  } catch (error) {
    return isTimeout(error) ? { kind: 'no answer', timeoutMs } : { kind: 'nothing' };
  }
};

/** Tells what is at an endpoint: an AWS answers one of two signed calls that change nothing. */
export const recognise = async (endpoint: string, timeoutMs = 10_000): Promise<Recognition> => {
  const failures: Failure[] = [];
  for (const call of calls) {
    const outcome = await ask(endpoint, call, timeoutMs);
    if (outcome.kind === 'aws') return { kind: 'aws', ...(await nameLocalAws(endpoint)) };
    failures.push(outcome);
    if (outcome.kind !== 'other program') break;
  }
  return failures[0] ?? { kind: 'nothing' };
};
