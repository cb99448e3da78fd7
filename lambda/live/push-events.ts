import type { LiveError, OrderPush, PaymentPush } from '../contracts/live-api';
import type { OrderCompleted, OrderEvent } from '../contracts/order-events';
import type { PaymentEvent } from '../contracts/payment-events';
import type { UserAccessChanged } from '../contracts/user-events';
import type { Credential } from '../kernel/http/ask-authorizer';
import { asError } from '../kernel/http/http';
import { logger } from '../kernel/logger';
import { trustedTenant } from '../kernel/tenant';
import { isValid, type Subscription, subjectOf } from './connection';
import type { ConnectionGateway } from './connection.gateway';
import type { ConnectionStore } from './connection.store';
import { ended, refuse } from './subscribe';

export type LiveEvent = Exclude<OrderEvent, OrderCompleted> | PaymentEvent;

/** What is sent about an event, and to the followers of what. */
export type Push = { readonly subjects: readonly string[]; readonly frame: OrderPush | PaymentPush };

const nameOf = ({ type }: LiveEvent): string => type.slice(0, type.indexOf('.'));

const versionOf = ({ id }: LiveEvent): number => Number(id.slice(id.lastIndexOf(':') + 1));

const isPayment = (event: LiveEvent): event is PaymentEvent => event.type.startsWith('Payment');

/** What operations must see to, and a customer can do nothing about. */
const forStaff: readonly LiveEvent['type'][] = [
  'PaymentMismatchFound.v1',
  'PaymentRefundFailed.v1',
  'PaymentDisputed.v1',
];

const paymentFrame = (event: PaymentEvent): PaymentPush => ({
  type: 'payment',
  orderId: event.data.orderId,
  paymentVersion: versionOf(event),
  event: nameOf(event),
  at: event.time,
  ...(event.type === 'PaymentRequested.v1' ? { deadline: event.data.deadline } : {}),
  ...(event.type === 'PaymentFailed.v1' ? { reason: event.data.reason } : {}),
  ...('refundedTotal' in event.data ? { refundedTotal: event.data.refundedTotal } : {}),
});

const orderFrame = (event: Exclude<LiveEvent, PaymentEvent>): OrderPush => {
  const { data } = event;
  return {
    type: 'order',
    orderId: data.orderId,
    version: versionOf(event),
    event: nameOf(event),
    at: event.time,
    status: data.status,
    ...('previousStatus' in data ? { previousStatus: data.previousStatus } : {}),
    ...(data.paymentStatus === undefined ? {} : { paymentStatus: data.paymentStatus }),
    ...('reason' in data ? { reason: data.reason } : {}),
    ...('paymentDeadline' in data ? { paymentDeadline: data.paymentDeadline } : {}),
  };
};

/** Who is told what of an event. Frames hold states and times, nothing of a person: a tracking token shows them all. */
export const pushOf = (event: LiveEvent): Push => {
  const tenant = trustedTenant(event.tenantid);
  const feed = subjectOf(tenant, { feed: true });
  const order = subjectOf(tenant, { orderId: event.data.orderId });
  return {
    subjects: forStaff.includes(event.type) ? [feed] : [order, feed],
    frame: isPayment(event) ? paymentFrame(event) : orderFrame(event),
  };
};

export type PushDeps = {
  readonly connections: Pick<ConnectionStore, 'followers' | 'close' | 'forget'>;
  readonly gateway: ConnectionGateway;
  /** Whether what a connection was opened with is good yet, asked at most some seconds ago. */
  readonly stands: (credential: Credential) => Promise<boolean>;
  /** The same at this moment. */
  readonly standsNow: (credential: Credential) => Promise<boolean>;
  readonly now: () => Date;
};

const atOnce = 50;

const expired = refuse('InvalidToken', 'The token has expired. Connect again with a new one.');

/** Why nothing is sent to a follower any more; nothing as long as its credential is good. */
const endOf = async (now: Date, stands: PushDeps['stands'], subscription: Subscription) => {
  if (!isValid(subscription, now)) return expired;
  const { credential } = subscription;
  return credential === undefined || (await stands(credential)) ? undefined : ended;
};

/** Removes all that is known of a connection. */
const cleanUp = async ({ connections }: PushDeps, subscription: Subscription, because: string): Promise<void> => {
  const { connectionId } = subscription;
  logger.info('connection cleaned up', { connectionId, because });
  await connections.close(connectionId);
  await connections.forget(subscription); // which the connection's own row, if it was gone, did not name any more
};

/** Tells a client why nothing comes any more, and closes its connection. */
const end = async (deps: PushDeps, subscription: Subscription, why: LiveError): Promise<void> => {
  const { connectionId } = subscription;
  if ((await deps.gateway.send(connectionId, why)) === 'sent') await deps.gateway.disconnect(connectionId);
  await cleanUp(deps, subscription, 'ended');
};

/** Sends a frame to one follower. A dead one, and one whose token is good no more, is cleaned up. */
const sendTo = async (deps: PushDeps, subscription: Subscription, frame: Push['frame']): Promise<void> => {
  const why = await endOf(deps.now(), deps.stands, subscription);
  if (why !== undefined) return end(deps, subscription, why);
  if ((await deps.gateway.send(subscription.connectionId, frame)) === 'gone') await cleanUp(deps, subscription, 'gone');
};

/** Closes a connection of a user whose access has changed, unless its credential is good all the same. */
const endUnlessGood = async (deps: PushDeps, subscription: Subscription): Promise<void> => {
  const why = await endOf(deps.now(), deps.standsNow, subscription);
  if (why !== undefined) await end(deps, subscription, why);
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

type Act = (subscription: Subscription) => Promise<void>;

/** Does something for each of them. Throws at the end when it failed for any. */
const forEach = async (receivers: readonly Subscription[], act: Act): Promise<void> => {
  const failures: Error[] = [];
  for (let at = 0; at < receivers.length; at += atOnce) {
    const sent = receivers.slice(at, at + atOnce).map((one) => act(one).catch(asError));
    failures.push(...(await Promise.all(sent)).flatMap((outcome) => outcome ?? []));
  }
  if (failures[0] !== undefined)
    throw new Error(`${failures.length} of ${receivers.length} were not reached`, { cause: failures[0] });
};

const handleOne = async (deps: PushDeps, followers: Followers, event: Handled): Promise<void> => {
  if (event.type === 'UserAccessChanged.v1') {
    const own = subjectOf(trustedTenant(event.tenantid), { userId: event.data.userId });
    return forEach(await deps.connections.followers(own), (one) => endUnlessGood(deps, one));
  }
  const push = pushOf(event);
  return forEach(await followersOf(push, followers), (one) => sendTo(deps, one, push.frame));
};

/** The events of each order, or user, in the order of their coming. */
const bySubject = (events: readonly Handled[]): Handled[][] => {
  const subjects = new Map<string, Handled[]>();
  for (const event of events) {
    const name = `${event.tenantid} ${'orderId' in event.data ? event.data.orderId : event.subject}`;
    subjects.set(name, [...(subjects.get(name) ?? []), event]);
  }
  return [...subjects.values()];
};

/** What is pushed to followers, and what ends connections. */
export type Handled = LiveEvent | UserAccessChanged;

/**
 * Sends a batch of events to who follows them, and closes the connections of users who are let in no more: events of one
 * order or user one after the other, those of others at the same time. Who cannot
 * be reached is sent the event again with its next delivery, and so are the others: they know it by its version.
 */
export const pushEvents =
  (deps: PushDeps) =>
  async (events: readonly Handled[]): Promise<(Error | undefined)[]> => {
    const followers = askOnce(deps);
    const outcomes = new Map<Handled, Error | undefined>();
    const handleAll = async (own: readonly Handled[]) => {
      for (const event of own)
        outcomes.set(event, await handleOne(deps, followers, event).then(() => undefined, asError));
    };
    await Promise.all(bySubject(events).map(handleAll));
    return events.map((event) => outcomes.get(event));
  };
