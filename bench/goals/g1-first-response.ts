import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportJWK, SignJWT } from 'jose';
import * as z from 'zod';
import { benchFolder, type DeployedFunction, functionNamed, naive, placeOrder, waitedFor } from '../assembly';
import type { Context, GoalDefinition } from '../context';
import { apiEvent, getEvent, orderBody } from '../events';
import { placedRow } from '../flow';
import { lambdaEnvironment } from '../processes';
import { median, significant } from '../statistics';
import { startStubAws } from '../stub-aws';

const memory = 256;
const coreShare = memory / 1769; // Lambda gives a whole core at 1,769 MB

const coldFolder = join(__dirname, '..', 'cold');
const Answer = z.tuple([z.object({ load: z.number() }), z.object({ call: z.number(), answer: z.string() })]);

type Start = { readonly load: number; readonly call: number };

/** A function with its first request, and how it answers that. */
type Cold = {
  readonly what: string;
  readonly fn: DeployedFunction;
  readonly event: unknown;
  readonly answer: string;
};

const coldStart = async ({ what, fn, event, answer }: Cold, endpoint: string): Promise<Start> => {
  const eventFile = join(benchFolder, `event-${what.replace(/\W+/g, '-')}.json`);
  writeFileSync(eventFile, JSON.stringify(event));
  const args = [join(coldFolder, 'quota.py'), String(coreShare), process.execPath];
  const env = lambdaEnvironment(endpoint, { ...fn, memory });
  const worker = [join(coldFolder, 'first-response.mjs'), fn.bundle, eventFile];
  const { stdout } = await promisify(execFile)('python3', [...args, ...worker], { env, timeout: 60_000 });
  const lines = stdout.split('\n').filter((line) => /^\{"(load|call)"/.test(line));
  const parsed = Answer.safeParse(lines.map((line) => JSON.parse(line)));
  if (parsed.data?.[1].answer !== answer) throw new Error(`${fn.name} gave no first response:\n${stdout.slice(-2000)}`);
  return { load: parsed.data[0].load, call: parsed.data[1].call };
};

/** An issuer of the authorizer's own, and a token of it. */
const issue = async ({ environment }: DeployedFunction) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const claims = { token_use: 'id', 'custom:tenant': 'default', email: 'hanako.yamada@example.com' };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setIssuer(environment.ISSUER ?? '')
    .setAudience(environment.AUDIENCE ?? '')
    .setSubject('6f1c0c1e-0000-4000-8000-000000000001')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  return { token, keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }] } };
};

const staff = { tenant: 'default', userId: 'staff-1', roles: 'staff' };
const customer = { tenant: 'default', userId: 'customer-0042', roles: 'customer' };
const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:ordersystem/local/GET/orders';

const coldOnes = async ({ functions, flow }: Context) => {
  const named = (name: string) => functionNamed(functions, name);
  const row = placedRow(await flow());
  const { token, keys } = await issue(named(waitedFor.authorizer));
  const orderId = String(row.orderId?.S).replace('default#', '');
  const order = { resource: '/orders/{orderId}', pathParameters: { orderId }, authorizer: staff };
  const authorize = { ...getEvent({ resource: '/orders' }), type: 'REQUEST', methodArn };
  const ours: readonly Cold[] = [
    { what: 'place an order', fn: named(placeOrder), event: apiEvent(orderBody()), answer: '201' },
    {
      what: 'authorizer, a token',
      fn: named(waitedFor.authorizer),
      event: { ...authorize, headers: { ...authorize.headers, authorization: `Bearer ${token}` } },
      answer: 'Allow',
    },
    { what: 'read an order', fn: named(waitedFor.getOrder), event: getEvent(order), answer: '200' },
    {
      what: 'list products',
      fn: named(waitedFor.catalog),
      event: getEvent({ resource: '/products', authorizer: customer }),
      answer: '200',
    },
  ];
  const usual: Cold = { what: 'usual', fn: named(naive), event: apiEvent(orderBody()), answer: '201' };
  return { ours, usual, stub: { keys, orders: [row] } };
};

const measureAll = async (colds: readonly Cold[], endpoint: string, { tell, times }: Context) => {
  const starts = new Map<string, Start[]>(colds.map(({ what }) => [what, []]));
  const rounds = times(15, 1);
  for (let round = 1; round <= rounds; round += 1) {
    tell(`cold start ${round} of ${rounds}`);
    for (const cold of colds) starts.get(cold.what)?.push(await coldStart(cold, endpoint));
  }
  return { starts, rounds };
};

const totalOf = (starts: readonly Start[] = []) => median(starts.map(({ load, call }) => load + call));
const partsOf = (starts: readonly Start[]) => ({
  load: significant(median(starts.map(({ load }) => load))),
  firstCall: significant(median(starts.map(({ call }) => call))),
});

export const g1: GoalDefinition = {
  id: 'G1',
  what: "time to first response of what a customer waits for, under Lambda's CPU rule ÷ the usual order function",
  measure: async (context) => {
    const { ours, usual, stub } = await coldOnes(context);
    const aws = await startStubAws(stub);
    try {
      const { starts, rounds } = await measureAll([...ours, usual], aws.endpoint, context);
      const base = totalOf(starts.get(usual.what));
      const figure = { unit: '÷ usual', baseline: 1, target: 0.25, better: 'lower' } as const;
      return {
        figures: ours.map(({ what }) => ({ ...figure, what, value: significant(totalOf(starts.get(what)) / base) })),
        note: `Loading at full speed, then the first call held to ${significant(coreShare)} of a core (256 MB) in periods of 20 ms by bench/cold/quota.py; medians of ${rounds} interleaved cold starts of the deployed bundles, each with an AWS on loopback that answers at once. Without Node's own start, and without TLS, which the order function also pays while it loads. The baseline of all is the usual order function; the authorizer verifies a signature with keys that it has to fetch.`,
        details: { milliseconds: Object.fromEntries([...starts].map(([what, all]) => [what, partsOf(all)])) },
      };
    } finally {
      aws.stop();
    }
  },
};
