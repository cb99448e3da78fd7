import { webhookRoute } from '../../lambda/payment/webhooks/webhooks.http';
import type { Io } from '../stores/io';
import type { Parts } from './parts';
import { broken } from './promises';
import { webhookRequest } from './requests';
import { fakeSeal } from './seal';
import { forged, type MailMessage, messageOf, type Post, signed, webhookSecrets } from './webhook-letters';
import { clockOf, type World } from './world';

type Receive = ReturnType<Parts['receiveWebhook']>;

/** Sees that one event of a provider is taken up once, however often it comes. */
const takenOnce =
  ({ acquirer }: World, receive: Receive): Receive =>
  async (webhook) => {
    const received = await receive(webhook);
    const name = `${webhook.provider}#${webhook.eventId}`;
    if (received !== 'known' && acquirer.taken.has(name)) acquirer.takenTwice.add(name);
    if (received !== 'known') acquirer.taken.add(name);
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
      parts.receiveWebhook({ payments: parts.paymentStore(world.payments, io), encryptDetails: fakeSeal, now }),
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

/** Sends a letter, and again later when nobody says that it was taken. */
const post = ({ world, parts }: Route, letter: MailMessage, certain: boolean, tried = 1): void => {
  let answered: number | undefined;
  world.scheduler.start(
    `webhook ${letter.name}`,
    async (io) => {
      answered = await receive(world, parts, io, signed(world, letter));
      await io('provider.hears', () => undefined);
    },
    (end) => {
      if ((end === 'done' && answered === 200) || (!certain && tried >= longestRetry)) return;
      world.timers.set(world.now + 60_000 * tried, () => post({ world, parts }, letter, certain, tried + 1));
    },
  );
};

const forge = ({ world, parts }: Route, letter: MailMessage): void => {
  const { post: sent, isSigned } = forged(world, letter);
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

const deliver = (route: Route, letter: MailMessage, certain: boolean): void => {
  const { faults, note, random, timers, now } = route.world;
  const way = faults.at('webhook', certain ? certainWays : ways) ?? 'in time';
  if (way !== 'in time') note(`webhook ${letter.name}: ${way}`);
  if (way === 'forged') timers.set(now + random.below(30_000), () => forge(route, letter));
  const delay = way === 'late' ? 60_000 + random.below(400_000) : 0;
  for (let left = copiesOf[way] ?? 1; left > 0; left -= 1)
    timers.set(now + delay + random.below(4000), () => post(route, letter, certain));
};

/** The providers' webhooks, and whoever forges them. */
export const webhooks = (world: World, parts: Parts): void => {
  let numbered = 0;
  world.acquirer.tell = (news) => {
    numbered += 1;
    const letter = messageOf(world, news, `evt_${numbered}`);
    if (letter !== undefined) deliver({ world, parts }, letter, news.certain ?? false);
  };
};
