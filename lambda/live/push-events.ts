import type { LiveError, OrderPush, PaymentPush } from '../contracts/api/live-api';
import type { OrderCompleted, OrderEvent } from '../contracts/events/order-events';
import type { PaymentEvent } from '../contracts/events/payment-events';
import type { UserAccessChanged } from '../contracts/events/user-events';
import { asError } from '../kernel/error';
import type { Credential } from '../kernel/http/ask-authorizer';
import { logger } from '../kernel/logger';
import { trustedTenant } from '../kernel/tenant';
import { isValid, type Subscription, subjectOf } from './connection';
import type { ConnectionGateway } from './connection.gateway';
import type { ConnectionStore } from './connection.store';
import { ended, refuse } from './subscribe';

export type LiveEvent = Exclude<OrderEvent, OrderCompleted> | PaymentEvent;

/** The frame of an event, and the subjects whose subscribers get it. */
type Push = { readonly subjects: readonly string[]; readonly frame: OrderPush | PaymentPush };

const nameOf = ({ type }: LiveEvent): string => type.slice(0, type.indexOf('.'));

const versionOf = ({ id }: LiveEvent): number => Number(id.slice(id.lastIndexOf(':') + 1));

const isPayment = (event: LiveEvent): event is PaymentEvent => event.type.startsWith('Payment');

/** Events for staff only: a customer can do nothing about them. */
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

/** Returns the push of an event. Frames hold no personal data, since a tracking token is enough to get them. */
const pushOf = (event: LiveEvent): Push => {
  const tenant = trustedTenant(event.tenantid);
  const feed = subjectOf(tenant, { feed: true });
  const order = subjectOf(tenant, { orderId: event.data.orderId });
  return {
    subjects: forStaff.includes(event.type) ? [feed] : [order, feed],
    frame: isPayment(event) ? paymentFrame(event) : orderFrame(event),
  };
};

export type PushDeps = {
  readonly connections: Pick<ConnectionStore, 'followers' | 'close' | 'deleteSubscription'>;
  readonly gateway: ConnectionGateway;
  /** Whether a connection's credential is still valid, cached for a few seconds. */
  readonly isValidCredential: (credential: Credential) => Promise<boolean>;
  /** Like `isValidCredential`, without a cache. */
  readonly isValidCredentialNow: (credential: Credential) => Promise<boolean>;
  readonly now: () => Date;
};

const concurrentSends = 50;

const expired = refuse('InvalidToken', 'The token has expired. Connect again with a new one.');

/** Returns the error that ends a connection, undefined while its credential is valid. */
const endOf = async (now: Date, isValidCredential: PushDeps['isValidCredential'], subscription: Subscription) => {
  if (!isValid(subscription, now)) return expired;
  const { credential } = subscription;
  return credential === undefined || (await isValidCredential(credential)) ? undefined : ended;
};

/** Removes a connection with its subscriptions. */
const cleanUp = async ({ connections }: PushDeps, subscription: Subscription, because: string): Promise<void> => {
  const { connectionId } = subscription;
  logger.info('connection cleaned up', { connectionId, because });
  await connections.close(connectionId);
  await connections.deleteSubscription(subscription); // `close` misses it when the connection's own row is already gone
};

/** Sends the client the reason and closes its connection. */
const end = async (deps: PushDeps, subscription: Subscription, why: LiveError): Promise<void> => {
  const { connectionId } = subscription;
  if ((await deps.gateway.send(connectionId, why)) === 'sent') await deps.gateway.disconnect(connectionId);
  await cleanUp(deps, subscription, 'ended');
};

/** Sends a frame to one subscriber. Removes a dead connection, and closes one whose credential is no longer valid. */
const sendTo = async (deps: PushDeps, subscription: Subscription, frame: Push['frame']): Promise<void> => {
  const why = await endOf(deps.now(), deps.isValidCredential, subscription);
  if (why !== undefined) return end(deps, subscription, why);
  if ((await deps.gateway.send(subscription.connectionId, frame)) === 'gone') await cleanUp(deps, subscription, 'gone');
};

/** Closes a connection of a user whose access has changed, unless its credential is still valid. */
const endUnlessValid = async (deps: PushDeps, subscription: Subscription): Promise<void> => {
  const why = await endOf(deps.now(), deps.isValidCredentialNow, subscription);
  if (why !== undefined) await end(deps, subscription, why);
};

/** Reads the followers of each subject once per batch. */
const readOnce = ({ connections }: PushDeps) => {
  const reads = new Map<string, Promise<Subscription[]>>();
  return (subject: string): Promise<Subscription[]> => {
    const followers = reads.get(subject) ?? connections.followers(subject);
    reads.set(subject, followers);
    return followers;
  };
};

type Followers = ReturnType<typeof readOnce>;

/** Returns the subscribers of a push, each connection once even when it follows both the order and the feed. */
const followersOf = async ({ subjects }: Push, followers: Followers): Promise<Subscription[]> => {
  const found = (await Promise.all(subjects.map(followers))).flat();
  return [...new Map(found.map((subscription) => [subscription.connectionId, subscription])).values()];
};

type Act = (subscription: Subscription) => Promise<void>;

/** Runs `act` for each subscription. Throws at the end when any failed. */
const forEach = async (receivers: readonly Subscription[], act: Act): Promise<void> => {
  const failures: Error[] = [];
  for (let at = 0; at < receivers.length; at += concurrentSends) {
    const sent = receivers.slice(at, at + concurrentSends).map((one) => act(one).catch(asError));
    failures.push(...(await Promise.all(sent)).flatMap((outcome) => outcome ?? []));
  }
  if (failures[0] !== undefined)
    throw new Error(`${failures.length} of ${receivers.length} connections failed`, { cause: failures[0] });
};

const handleOne = async (deps: PushDeps, followers: Followers, event: Handled): Promise<void> => {
  if (event.type === 'UserAccessChanged.v1') {
    const own = subjectOf(trustedTenant(event.tenantid), { userId: event.data.userId });
    return forEach(await deps.connections.followers(own), (one) => endUnlessValid(deps, one));
  }
  const push = pushOf(event);
  return forEach(await followersOf(push, followers), (one) => sendTo(deps, one, push.frame));
};

/** Groups the events by order or user, in the order of their arrival. */
const bySubject = (events: readonly Handled[]): Handled[][] => {
  const subjects = new Map<string, Handled[]>();
  for (const event of events) {
    const name = `${event.tenantid} ${'orderId' in event.data ? event.data.orderId : event.subject}`;
    subjects.set(name, [...(subjects.get(name) ?? []), event]);
  }
  return [...subjects.values()];
};

/** The events that are pushed to followers, and those that may end connections. */
export type Handled = LiveEvent | UserAccessChanged;

/**
 * Pushes a batch of events to their followers, and closes the connections of users without access. Events of one order
 * or user are handled in sequence, others concurrently. When a send fails, the event is delivered again to every
 * follower; clients recognize repeats by the version.
 */
export const pushEvents =
  (deps: PushDeps) =>
  async (events: readonly Handled[]): Promise<(Error | undefined)[]> => {
    const followers = readOnce(deps);
    const outcomes = new Map<Handled, Error | undefined>();
    const handleAll = async (own: readonly Handled[]) => {
      for (const event of own)
        outcomes.set(event, await handleOne(deps, followers, event).then(() => undefined, asError));
    };
    await Promise.all(bySubject(events).map(handleAll));
    return events.map((event) => outcomes.get(event));
  };
