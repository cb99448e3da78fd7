import { isIPv4 } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { PlaceOrderResponse } from '../../lambda/contracts/order-api';
import { findAccounts } from '../accounts';
import { command, UsageError } from '../command';
import { asCurl, orderRequest, trackingRequest } from '../order-api';
import { starterProducts } from '../product';
import { seedProducts } from '../seed-products';
import { seedUsers } from '../seed-users';
import { ok, paint, print, step, title } from '../terminal';
import { deploySystem } from './deploy';
import { chosenEndpoint, clientConfig } from './endpoint';
import { showJourney } from './journey';
import { type Found, requireLocalAws } from './local-aws';
import { startMiniStack } from './ministack';
import type { LocalSystem } from './outputs';
import { installMiniStack, isInstalled } from './python';
import { startSimulator } from './simulator';

const help = `
npm start [-- --port PORT] [-- --auth none] [-- --live off] [-- --simulator-host ADDRESS] [-- --aws-only] [-- --order]

Starts a local AWS, deploys the order system to it, loads the seed products and places one order. The system goes on
running in the background: "npm stop" ends it. Running this again deploys what has changed and keeps the data.

The local AWS is MiniStack, which is installed into .local/ and needs Python 3.10 or newer. With AWS_ENDPOINT_URL set,
the local AWS at that address is used instead (LocalStack for example), and none is started.

  --port PORT  the local AWS's port (default: 4566)
  --auth none  deploys without accounts, to a local AWS that has no Cognito: guests can order, nobody can sign in
  --live off   deploys without the WebSocket API, to a local AWS that has none
  --simulator-host ADDRESS
               the address of this machine that the payment simulator listens on (default: 127.0.0.1). A local AWS that
               runs functions in containers, on Docker for Linux, finds it on the bridge's gateway, usually 172.17.0.1
  --aws-only   starts the local AWS and deploys nothing
  --order      places an order even when nothing has changed
  --help       this text
`;

const options = {
  port: { type: 'string', default: '4566' },
  auth: { type: 'string' },
  live: { type: 'string' },
  'simulator-host': { type: 'string' },
  'aws-only': { type: 'boolean' },
  order: { type: 'boolean' },
} as const;

const portFrom = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--port: "${text}" is not a port. See --help.`);
};

const authFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || text === 'none' || text === 'cognito') return text;
  throw new UsageError(`--auth: must be none or cognito, not "${text}". See --help.`);
};

const liveFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || text === 'on' || text === 'off') return text;
  throw new UsageError(`--live: must be on or off, not "${text}". See --help.`);
};

const hostFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || isIPv4(text)) return text;
  throw new UsageError(`--simulator-host: "${text}" is not an IPv4 address. See --help.`);
};

const startLocalAws = async (port: number): Promise<Found> => {
  if (chosenEndpoint() !== undefined) {
    const found = await requireLocalAws();
    ok(`${found.flavour} at ${found.endpoint}, as AWS_ENDPOINT_URL says`);
    return found;
  }
  if (!isInstalled()) await step('installing MiniStack into .local/', () => installMiniStack());
  return step('MiniStack', async (tell) => {
    const { endpoint } = await startMiniStack({ port });
    tell(endpoint);
    return { endpoint, flavour: 'MiniStack' };
  });
};

const startPayments = (system: LocalSystem, host: string | undefined): Promise<string> =>
  step('payment simulator', async (tell) => {
    const { url, ours } = await startSimulator(system.apiUrl, { host });
    tell(ours ? url : `${url}, not started from here`);
    return url;
  });

const seed = async ({ endpoint }: LocalSystem): Promise<void> => {
  const db = new DynamoDBClient(clientConfig(endpoint));
  const Key = { productId: { S: 'default#PROD-001' } };
  const { Item } = await db.send(new GetItemCommand({ TableName: 'inventory', Key }));
  if (Item !== undefined) return;
  await step('seed products', async (tell) => {
    await seedProducts(db, starterProducts);
    tell(`${starterProducts.length} loaded`);
  });
};

const seedAccounts = async (system: LocalSystem): Promise<void> => {
  const accounts = await findAccounts(system);
  if (accounts === undefined) return;
  await step('seed users', async (tell) => {
    await seedUsers(system, accounts);
    tell('one of each role: npm run token -- --help');
  });
};

const entry = (name: string, text: string) => print(`  ${name.padEnd(17)} ${text}`);

const showAddresses = ({ endpoint, apiUrl, liveUrl }: LocalSystem, { flavour }: Found, payments: string) => {
  title('Running in the background');
  entry('API', apiUrl);
  entry('health', `${apiUrl}/health`);
  entry('live', liveUrl ?? 'left out by -c live=off: there is no WebSocket API');
  entry('local AWS', endpoint);
  entry('payments', `${payments}  (a simulator: no money moves)`);
  if (flavour === 'MiniStack') entry('mailbox', `${endpoint}/_ministack/ses/messages`);
};

const showNextSteps = (system: LocalSystem, placed: PlaceOrderResponse | undefined) => {
  title('Try next');
  print('  Place an order:');
  print(paint('bold', `  ${asCurl(system, orderRequest([{ productId: 'PROD-002', quantity: 1 }]))}`));
  if (placed !== undefined) {
    print(`\n  See what became of ${placed.orderId}:`);
    print(paint('bold', `  ${asCurl(system, trackingRequest(placed))}`));
  }
  print();
  entry('npm run status', 'what runs, queues and orders');
  entry('npm run logs', "follow the functions' logs");
  entry('npm stop', 'end it all');
};

command({ help, options }, async (given) => {
  const [auth, live] = [authFrom(given.auth), liveFrom(given.live)];
  const simulatorHost = hostFrom(given['simulator-host']);
  const found = await startLocalAws(portFrom(given.port));
  if (given['aws-only']) return print('\nDeploy with:  npx cdklocal deploy --require-approval never');
  const { system, changed } = await deploySystem({ ...found, auth, live });
  const payments = await startPayments(system, simulatorHost);
  await seed(system);
  if (changed) await seedAccounts(system);
  const placed = changed || given.order ? await showJourney(system) : undefined;
  showAddresses(system, found, payments);
  showNextSteps(system, placed);
});
