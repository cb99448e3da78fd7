import { isIPv4 } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { command, UsageError } from '../lib/command';
import { say } from '../lib/language';
import { type Accounts, findAccounts } from '../lib/people/accounts';
import { seedUsers } from '../lib/people/sign-in';
import { starterProducts } from '../lib/seed/product';
import { isLoaded } from '../lib/seed/seed-core';
import { seedProducts } from '../lib/seed/seed-products';
import { localTables } from '../lib/system/tables';
import { ok, print, step, warn } from '../lib/terminal';
import type { Target } from './deployment/cdk';
import { beginSynthesis, deploySystem } from './deployment/deploy';
import type { LocalSystem } from './deployment/outputs';
import { chosenEndpoint, clientConfig } from './emulator/endpoint';
import { requireLocalAws } from './emulator/local-aws';
import { requireFree, runningMiniStack, startMiniStack } from './emulator/ministack';
import { installMiniStack, isInstalled } from './emulator/python';
import { showJourney } from './journey';
import { type Chosen, chooseByOffer, complete } from './offers';
import { startSimulator } from './simulator';
import { type Places, showNextSteps, showPlaces } from './start-view';

const help = `
npm start [-- --port PORT] [-- --auth none] [-- --live off] [-- --services core] [-- --aws-only] [-- --order]

Starts a local AWS, deploys the order system to it, loads the seed products and places one order. The system goes on
running in the background: "npm stop" ends it. Running this again deploys what has changed and keeps the data.

The local AWS is MiniStack, which is installed into .local/ and needs Python 3.10 or newer. With AWS_ENDPOINT_URL set,
the local AWS at that address is used instead (LocalStack for example), and none is started.

What that one does not offer (accounts, live status) is left out, and said.

  --port PORT      the local AWS's port (default: 4566)
  --auth none      deploys without accounts: guests can order, nobody can sign in
  --live off       deploys without the WebSocket API
  --services core  deploys the core alone: orders, stock, bills and notifications
  --simulator-host ADDRESS
                   the address of this machine that the payment simulator listens on (default: 127.0.0.1). A local AWS
                   that runs functions in containers, on Docker for Linux, finds it on the bridge's gateway, usually
                   172.17.0.1
  --aws-only       starts the local AWS and deploys nothing
  --order          places an order even when nothing has changed
  --accept-loss    does not ask before a change that loses data: a table that is no longer part of the stack
  --lang en|ja     the language (default: that of LANG)
  --help           this text
`;

const options = {
  port: { type: 'string', default: '4566' },
  auth: { type: 'string' },
  live: { type: 'string' },
  'simulator-host': { type: 'string' },
  services: { type: 'string' },
  'accept-loss': { type: 'boolean' },
  'aws-only': { type: 'boolean' },
  order: { type: 'boolean' },
} as const;

const portFrom = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--port: "${text}" is not a port. See --help.`);
};

const oneOf = (name: string, text: string | undefined, known: readonly string[]): string | undefined => {
  if (text === undefined || known.includes(text)) return text;
  throw new UsageError(`--${name}: must be ${known.join(' or ')}, not "${text}". See --help.`);
};

/** What is to be deployed to a local AWS that answers, and what is being synthesized of it already. */
type Ready = { readonly target: Target; readonly synthesis?: Promise<void> };

const useChosenAws = async (chosen: Chosen): Promise<Ready> => {
  const found = await requireLocalAws();
  ok(`${found.name} at ${found.endpoint}, as AWS_ENDPOINT_URL says`);
  const { choice, leftOut } = await chooseByOffer(found.endpoint, chosen);
  for (const line of leftOut) warn(line);
  return { target: { endpoint: found.endpoint, choice: complete(choice) } };
};

const hostFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || isIPv4(text)) return text;
  throw new UsageError(`--simulator-host: "${text}" is not an IPv4 address. See --help.`);
};

const installing = () => ({
  doing: say({ en: 'installing MiniStack into .local/', ja: 'MiniStack を .local/ に入れています' }),
  done: say({ en: 'MiniStack installed into .local/', ja: 'MiniStack を .local/ に入れました' }),
});
const starting = () => ({
  doing: say({ en: 'starting MiniStack', ja: 'MiniStack を起動しています' }),
  done: say({ en: 'MiniStack runs', ja: 'MiniStack が動いています' }),
});

/** Starts our own, and synthesizes meanwhile: what it offers is known, and so is its address. */
const startOwnAws = async (port: number, chosen: Chosen, work: Work): Promise<Ready> => {
  const running = runningMiniStack();
  const target = { endpoint: running?.endpoint ?? `http://127.0.0.1:${port}`, choice: complete(chosen) };
  if (running === undefined) await requireFree(port);
  const begins = running === undefined && work.deploys;
  const synthesis = begins ? beginSynthesis(target, undefined, work.signal) : undefined;
  if (!isInstalled()) await step(installing(), () => installMiniStack());
  const { endpoint } = await step(starting(), async (report) => {
    const started = await startMiniStack({ port });
    report(started.endpoint);
    return started;
  });
  return { target: { ...target, endpoint }, ...(synthesis && { synthesis }) };
};

/** Whether anything is deployed, and what ends the work in the background when something else fails. */
type Work = { readonly deploys: boolean; readonly signal: AbortSignal };

const startLocalAws = (port: number, chosen: Chosen, work: Work): Promise<Ready> =>
  chosenEndpoint() === undefined ? startOwnAws(port, chosen, work) : useChosenAws(chosen);

const seedStock = async ({ endpoint }: LocalSystem): Promise<string> => {
  const tables = localTables(new DynamoDBClient(clientConfig(endpoint)));
  if (await isLoaded(tables, 'PROD-001')) return say({ en: 'loaded before', ja: '読み込み済み' });
  await seedProducts(tables, starterProducts);
  const count = starterProducts.length;
  return say({ en: `${count} loaded`, ja: `${count} 件` });
};

const seedAccounts = async (system: LocalSystem, accounts: Accounts): Promise<string> => {
  await seedUsers(system, accounts);
  return say({ en: 'one of each role: npm run token -- --help', ja: '役割ごとに一人: npm run token -- --help' });
};

const notOurs = () => say({ en: ', not started from here', ja: '（ここで起動したものではありません）' });

/** Fills the system and starts the payment simulator, side by side. Returns where the simulator is. */
const furnish = async (
  system: LocalSystem,
  { changed, simulatorHost }: { readonly changed: boolean; readonly simulatorHost: string | undefined },
): Promise<Places['payments']> => {
  const accounts = changed ? await findAccounts(system) : undefined;
  const simulator = startSimulator(system, { host: simulatorHost });
  const works = [
    {
      what: say({ en: 'payment simulator', ja: '決済シミュレーター' }),
      work: simulator.then(({ url, ours }) => (ours ? url : `${url}${notOurs()}`)),
    },
    { what: say({ en: 'seed products', ja: '見本の商品' }), work: seedStock(system) },
    ...(accounts === undefined
      ? []
      : [{ what: say({ en: 'seed users', ja: '見本の利用者' }), work: seedAccounts(system, accounts) }]),
  ];
  for (const { work } of works) work.catch(() => undefined); // until its turn comes
  for (const { what, work } of works) await step(what, async (report) => report(await work));
  return simulator;
};

type Given = {
  readonly [name in 'auth' | 'live' | 'services' | 'simulator-host']?: string | undefined;
} & {
  readonly port: string;
  readonly 'aws-only'?: boolean;
  readonly 'accept-loss'?: boolean;
  readonly order?: boolean;
};

const run = async (given: Given, signal: AbortSignal): Promise<void> => {
  const simulatorHost = hostFrom(given['simulator-host']);
  const chosen = {
    auth: oneOf('auth', given.auth, ['none', 'cognito']),
    live: oneOf('live', given.live, ['on', 'off']),
    services: oneOf('services', given.services, ['core', 'all']),
  };
  const work = { deploys: !given['aws-only'], signal };
  const { target, synthesis } = await startLocalAws(portFrom(given.port), chosen, work);
  if (!work.deploys) return print('\nDeploy with:  npx cdklocal deploy --require-approval never');
  const { system, changed } = await deploySystem(target, { synthesis, acceptLoss: given['accept-loss'] });
  const payments = await furnish(system, { changed, simulatorHost });
  const placed = changed || given.order ? await showJourney(system) : undefined;
  await showPlaces(system, { payments });
  showNextSteps(system, placed);
};

command({ help, options, speaksJapanese: true }, async (given) => {
  const background = new AbortController();
  try {
    await run(given, background.signal);
  } finally {
    background.abort();
  }
});
