import { webhookRoute } from '../../lambda/payment/webhooks/webhooks.http';
import type { Io } from '../stores/io';
import { siteOf } from './client';
import { fakeEncrypt } from './fake-encryption';
import type { Parts } from './parts';
import { broken } from './promises';
import { webhookRequest } from './requests';
import { forged, messageOf, type Post, signed, type WebhookMessage, webhookSecrets } from './webhook-messages';
import { clockOf, type World } from './world';

type Receive = ReturnType<Parts['receiveWebhook']>;

/** Sees that one event of a provider is taken up once, however often it comes. */
const takenOnce =
  ({ providerLedger }: World, receive: Receive): Receive =>
  async (webhook) => {
    const received = await receive(webhook);
    const name = `${webhook.provider}#${webhook.eventId}`;
    if (received !== 'known' && providerLedger.taken.has(name)) providerLedger.takenTwice.add(name);
    if (received !== 'known') providerLedger.taken.add(name);
    return received;
  };

/** What our route answers to a webhook. */
const receive = async (world: World, parts: Parts, io: Io, { provider, body, headers }: Post): Promise<number> => {
  const now = clockOf(world);
  const route = webhookRoute({
    parse: parts.parseWebhook[provider],
    secrets: () => webhookSecrets[provider],
    receive: takenOnce(
      world,
      parts.receiveWebhook({ payments: parts.paymentStore(siteOf(world, io)), encryptDetails: fakeEncrypt, now }),
    ),
    now,
  });
  return (await route(webhookRequest(body, headers))).status;
};

const longestRetry = 6;

/** How webhooks come: soon or late, once or several times, in any order, or not at all. */
const ways = { lost: 0.15, twice: 0.1, 'five times': 0.05, late: 0.1, forged: 0.12 };
const certainWays = { twice: 0.1, late: 0.1 };
const copiesOf: Readonly<Record<string, number>> = { lost: 0, twice: 2, 'five times': 5 };

type Route = { readonly world: World; readonly parts: Parts };

/** Sends a message, and again later when nobody says that it was taken. */
const post = ({ world, parts }: Route, message: WebhookMessage, certain: boolean, tried = 1): void => {
  let answered: number | undefined;
  world.scheduler.start(
    `webhook ${message.name}`,
    async (io) => {
      answered = await receive(world, parts, io, signed(world, message));
      await io('provider.hears', () => undefined);
    },
    (end) => {
      if ((end === 'done' && answered === 200) || (!certain && tried >= longestRetry)) return;
      world.timers.set(world.now + 60_000 * tried, () => post({ world, parts }, message, certain, tried + 1));
    },
  );
};

const forge = ({ world, parts }: Route, message: WebhookMessage): void => {
  const { post: sent, isSigned } = forged(world, message);
  world.scheduler.start(
    `forged webhook ${sent.name}`,
    async (io) => {
      const answered = await receive(world, parts, io, sent);
      await io('forger.hears', () => {
        if (!isSigned && answered !== 400) broken('P9', `${sent.name} was taken for genuine: ${answered}`);
      });
    },
    () => undefined,
  );
};

const deliver = (route: Route, message: WebhookMessage, certain: boolean): void => {
  const { faults, note, random, timers, now } = route.world;
  const way = faults.at('webhook', certain ? certainWays : ways) ?? 'in time';
  if (way !== 'in time') note(`webhook ${message.name}: ${way}`);
  if (way === 'forged') timers.set(now + random.below(30_000), () => forge(route, message));
  const delay = way === 'late' ? 60_000 + random.below(400_000) : 0;
  for (let left = copiesOf[way] ?? 1; left > 0; left -= 1)
    timers.set(now + delay + random.below(4000), () => post(route, message, certain));
};

/** The providers' webhooks, and whoever forges them. */
export const webhooks = (world: World, parts: Parts): void => {
  let numbered = 0;
  world.providerLedger.tell = (news) => {
    numbered += 1;
    const message = messageOf(world, news, `evt_${numbered}`);
    if (message !== undefined) deliver({ world, parts }, message, news.certain ?? false);
  };
};
