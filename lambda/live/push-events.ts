import { asError } from '../kernel/as-error';
import type { Credential } from '../kernel/ask-authorizer';
import { logger } from '../kernel/logger';
import { isValid, type Subscription } from './connection';
import type { ConnectionGateway } from './connection.gateway';
import type { ConnectionStore } from './connection.store';
import { ended, refuse } from './follow';
import { type LiveEvent, type Push, pushOf } from './push';

export type PushDeps = {
  readonly connections: Pick<ConnectionStore, 'followers' | 'close' | 'forget'>;
  readonly gateway: ConnectionGateway;
  /** Whether what a connection was opened with is good yet, asked at most some seconds ago. */
  readonly stands: (credential: Credential) => Promise<boolean>;
  readonly now: () => Date;
};

const atOnce = 50;

const expired = refuse('InvalidToken', 'The token has expired. Connect again with a new one.');

/** Why nothing is sent to a follower any more; nothing as long as its credential is good. */
const endOf = async ({ stands, now }: PushDeps, subscription: Subscription) => {
  if (!isValid(subscription, now())) return expired;
  const { credential } = subscription;
  return credential === undefined || (await stands(credential)) ? undefined : ended;
};

/** Removes all that is known of a connection. */
const cleanUp = async ({ connections }: PushDeps, subscription: Subscription): Promise<void> => {
  await connections.close(subscription.connectionId);
  await connections.forget(subscription); // which the connection's own row, if it was gone, did not name any more
};

/** Sends a frame to one follower. A dead one, and one whose token is good no more, is cleaned up. */
const sendTo = async (deps: PushDeps, subscription: Subscription, frame: Push['frame']): Promise<void> => {
  const { connectionId } = subscription;
  const end = await endOf(deps, subscription);
  const outcome = await deps.gateway.send(connectionId, end ?? frame);
  if (end === undefined && outcome === 'sent') return;
  logger.info('connection cleaned up', { connectionId, because: end === undefined ? 'gone' : 'ended' });
  await cleanUp(deps, subscription);
};

/** Asks once for the followers of each subject of a batch. */
const askOnce = ({ connections }: PushDeps) => {
  const asked = new Map<string, Promise<Subscription[]>>();
  return (subject: string): Promise<Subscription[]> => {
    const followers = asked.get(subject) ?? connections.followers(subject);
    asked.set(subject, followers);
    return followers;
  };
};

type Followers = ReturnType<typeof askOnce>;

/** A connection that follows both the order and the feed is told once. */
const followersOf = async ({ subjects }: Push, followers: Followers): Promise<Subscription[]> => {
  const found = (await Promise.all(subjects.map(followers))).flat();
  return [...new Map(found.map((subscription) => [subscription.connectionId, subscription])).values()];
};

const pushOne = async (deps: PushDeps, followers: Followers, event: LiveEvent): Promise<void> => {
  const push = pushOf(event);
  const receivers = await followersOf(push, followers);
  const failures: Error[] = [];
  for (let at = 0; at < receivers.length; at += atOnce) {
    const sent = receivers.slice(at, at + atOnce).map((one) => sendTo(deps, one, push.frame).catch(asError));
    failures.push(...(await Promise.all(sent)).flatMap((outcome) => outcome ?? []));
  }
  if (failures[0] !== undefined)
    throw new Error(`${failures.length} of ${receivers.length} were not reached`, { cause: failures[0] });
};

/** The events of each order, in the order of their coming. */
const byOrder = (events: readonly LiveEvent[]): LiveEvent[][] => {
  const orders = new Map<string, LiveEvent[]>();
  for (const event of events) {
    const name = `${event.tenantid} ${event.data.orderId}`;
    orders.set(name, [...(orders.get(name) ?? []), event]);
  }
  return [...orders.values()];
};

/**
 * Sends a batch of events to who follows them: those of one order one after the other, orders at the same time. Who cannot
 * be reached is sent the event again with its next delivery, and so are the others: they know it by its version.
 */
export const pushEvents =
  (deps: PushDeps) =>
  async (events: readonly LiveEvent[]): Promise<(Error | undefined)[]> => {
    const followers = askOnce(deps);
    const outcomes = new Map<LiveEvent, Error | undefined>();
    const pushAll = async (own: readonly LiveEvent[]) => {
      for (const event of own)
        outcomes.set(event, await pushOne(deps, followers, event).then(() => undefined, asError));
    };
    await Promise.all(byOrder(events).map(pushAll));
    return events.map((event) => outcomes.get(event));
  };
