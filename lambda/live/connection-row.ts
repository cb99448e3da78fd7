import * as z from 'zod';
import { Credential } from '../kernel/ask-authorizer';
import { trustedTenant } from '../kernel/tenant';
import { type Connection, ownSubscription, type Subscription } from './connection';

/** A connection's own row is of no tenant: its frames come with the connection's ID alone. */
export const connectionKey = (connectionId: string) => ({ subject: `#CONNECTION#${connectionId}`, connectionId });

const hourMs = 60 * 60 * 1000;

/** When the table forgets a row by itself, in epoch seconds: an hour after nothing was sent to it any more. */
const expiresAt = (validUntil: string): number => Math.floor((Date.parse(validUntil) + hourMs) / 1000);

const ConnectionRow = z.object({
  connectionId: z.string().min(1),
  tenant: z.string().min(1).transform(trustedTenant),
  userId: z.string().optional(),
  reach: z.enum(['own', 'tenant', 'all']),
  validUntil: z.iso.datetime(),
  credential: Credential.optional(),
});

const Frames = z.object({ frames: z.int().positive() });

/** A connection whose frames of the current window have been counted. */
export type Counted = { readonly connection: Connection; readonly frames: number };

export const connectionRow = ({ connectionId, ...connection }: Connection) => ({
  ...connectionKey(connectionId),
  ...connection,
  expiresAt: expiresAt(connection.validUntil),
});

export const countedFromRow = (row: unknown): Counted => ({
  connection: ConnectionRow.parse(row),
  frames: Frames.parse(row).frames,
});

export const subscriptionRow = (subscription: Subscription) => ({
  ...subscription,
  expiresAt: expiresAt(subscription.validUntil),
});

const SubscriptionRow = z.object({
  subject: z.string().min(1),
  connectionId: z.string().min(1),
  validUntil: z.iso.datetime(),
  credential: Credential.optional(),
});

export const subscriptionFromRow = (row: unknown): Subscription => SubscriptionRow.parse(row);

const Followed = z.object({ subscriptions: z.set(z.string()).optional() });

/** The subjects of all subscriptions that a connection's row tells of: those that it names, and its user's own. */
export const subjectsOfRow = (row: unknown): string[] => {
  const own = ownSubscription(ConnectionRow.parse(row));
  return [...(Followed.parse(row).subscriptions ?? []), ...(own === undefined ? [] : [own.subject])];
};
