import WebSocket from 'ws';
import { createLiveClient, type Follower, type LiveClient, type LiveOptions } from '../../clients/live';
import { OrderId, TenantId } from '../../lambda/contracts/values/text';
import { CommandError, command, UsageError } from '../lib/command';
import { inWords } from '../lib/order-view';
import { tokenFor } from '../lib/people/sign-in';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem, type System } from '../lib/system/system';
import { print, warn } from '../lib/terminal';

const help = `
npm run watch-order -- [ORDER] [--token TOKEN | --tracking-token TOKEN] [--tenant TENANT] [--storefront-key KEY]
                           [--aws [--stage STAGE]]

Tells in words what happens to an order, or to all of a shop, as it happens, until Ctrl-C ends it.

  ORDER                   such as ORD-000001 (default: every order of the shop, for its staff)
  --token TOKEN           the ID token of its customer, or of the shop's staff (default: TOKEN of the environment, and on
                          the local stage that of the seed staff)
  --tracking-token TOKEN  the trackingToken that placing the order answered, for its guest
  --tenant TENANT         whose order it is, for the seed staff (default: default)
  --storefront-key KEY    names the guest's shop (default: the shop of the tenant "default")
  --aws                   works on the stack on AWS
  --stage dev|prod        which of them, with --aws (default: the only one that is deployed)
  --help                  this text
`;

const options = {
  token: { type: 'string' },
  'tracking-token': { type: 'string' },
  tenant: { type: 'string' },
  'storefront-key': { type: 'string' },
  ...whereOptions,
} as const;

type Given = {
  readonly token?: string | undefined;
  readonly 'tracking-token'?: string | undefined;
  readonly tenant?: string | undefined;
  readonly 'storefront-key'?: string | undefined;
};

const check = (given: Given, orderId: string | undefined): void => {
  if (orderId === undefined && given['tracking-token'] !== undefined)
    throw new UsageError('--tracking-token: opens one order. Name it, such as ORD-000001. See --help.');
  if (orderId !== undefined && !OrderId.safeParse(orderId).success)
    throw new UsageError(`"${orderId}": an order such as ORD-000001. See --help.`);
  if (given.tenant !== undefined && !TenantId.safeParse(given.tenant).success)
    throw new UsageError(`--tenant "${given.tenant}": no tenant has this name.`);
  if (given.token !== undefined && given['tracking-token'] !== undefined)
    throw new UsageError('--token and --tracking-token: one of them. See --help.');
};

const liveUrlOf = ({ liveUrl }: System): string => {
  if (liveUrl !== undefined) return liveUrl;
  throw new CommandError('There is no WebSocket API: the stack was deployed with -c live=off.');
};

const credentialsOf = (system: System, given: Given): Pick<LiveOptions, 'token' | 'storefrontKey'> => {
  const { token, tenant = 'default', 'storefront-key': storefrontKey } = given;
  if (given['tracking-token'] !== undefined) return storefrontKey === undefined ? {} : { storefrontKey };
  return { token: token ?? (() => tokenFor(system, tenant, 'staff')) };
};

/** What is wrong with the tenant is said before a connection is tried again and again. */
const refuseEarly = async (system: System, { token, tenant = 'default', ...given }: Given): Promise<void> => {
  if (token === undefined && given['tracking-token'] === undefined) await tokenFor(system, tenant, 'staff');
};

const handshake = /Unexpected server response: (\d+)/;

/** Tells why a handshake fails: a browser's WebSocket could not. */
const tellingWebSocket = (onRefused: (status: number) => void) =>
  class extends WebSocket {
    constructor(url: string) {
      super(url);
      this.on('error', ({ message }) => {
        const [, status] = handshake.exec(message) ?? [];
        if (status !== undefined) onRefused(Number(status));
      });
    }
  };

const followIt = (live: LiveClient, given: Given, orderId: string | undefined, follower: Follower): void => {
  const trackingToken = given['tracking-token'];
  if (orderId === undefined) live.followFeed(follower);
  else live.followOrder({ orderId, ...(trackingToken === undefined ? {} : { trackingToken }) }, follower);
};

const watch = (system: System, given: Given, orderId: string | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (reason: string) => end(() => reject(new CommandError(reason)));
    const live = createLiveClient({
      url: liveUrlOf(system),
      ...credentialsOf(system, given),
      WebSocket: tellingWebSocket((status) => {
        if (status < 500) fail(`The WebSocket API refuses these credentials (${status}).`);
      }),
      onConnection: (connected) =>
        connected
          ? print(`Watching ${orderId ?? 'every order of the shop'}. Ctrl-C ends it.`)
          : warn('connecting again'),
    });
    const end = (settle: () => void) => {
      live.close();
      settle();
    };
    followIt(live, given, orderId, {
      onUpdate: (update) => print(inWords(update, new Date())),
      onRefused: ({ problem, detail }) => fail(`${detail} (${problem})`),
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(resolve));
  });

command({ help, options, words: 1 }, async (given, [orderId]) => {
  check(given, orderId);
  const system = await findSystem(given);
  await refuseEarly(system, given);
  await watch(system, given, orderId);
});
