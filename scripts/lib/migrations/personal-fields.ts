import { sealedFieldsOf } from '../../../lambda/contracts/events/earlier-versions';
import { subjectOf } from '../../../lambda/contracts/values/sealed';

export type Row = Readonly<Record<string, unknown>>;

/** The rows of one table that are about people. */
export type PersonalRows = {
  readonly service: string;
  readonly table: string;
  /** The attributes of the table's key. The first one begins with the tenant: `shop-a#ORD-000001`. */
  readonly key: readonly [string, ...string[]];
  /** Returns whom or what a row is about: the name of the key that its text is sealed under. */
  readonly subject: (row: Row) => string;
  /** The attributes with text about people, and the field as which each is sealed. An object is sealed as JSON. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether sealed text is stored as bytes, as `packSealed` returns it. @default as text */
  readonly packed?: true;
  /** The relay's dead-letter queue, which holds rows that could not be made into an event. */
  readonly relayDeadLetters?: string;
};

const bare = (key: unknown): string => String(key).slice(String(key).indexOf('#') + 1);

/** The rows of orders. */
export const ordersRows: PersonalRows = {
  service: 'order',
  table: 'orders',
  key: ['orderId', 'createdAt'],
  subject: ({ orderId }) => subjectOf.order(bare(orderId)),
  fields: { customerEmail: 'customerEmail', shippingAddress: 'shippingAddress' },
  packed: true,
  relayDeadLetters: 'order-relay-dlq',
};

/** Where text about people stands in rows. What is sealed of events is in `lambda/contracts/events/earlier-versions.ts`. */
export const personalRows: readonly PersonalRows[] = [
  ordersRows,
  {
    service: 'return',
    table: 'returns', // returns, and orders that were delivered
    key: ['returnId'],
    subject: ({ orderId }) => subjectOf.order(String(orderId)),
    fields: { customerEmail: 'customerEmail', reason: 'reason' },
    relayDeadLetters: 'return-relay-dlq',
  },
  {
    service: 'notification',
    table: 'notifications',
    key: ['notificationId', 'createdAt'],
    subject: ({ orderId }) => subjectOf.order(String(orderId)),
    fields: { recipient: 'customerEmail' }, // copied from the events of orders
  },
  {
    service: 'identity',
    table: 'users',
    key: ['userId'],
    subject: ({ userId }) => subjectOf.user(bare(userId)),
    fields: {
      email: 'email',
      displayName: 'displayName',
      firstName: 'firstName',
      lastName: 'lastName',
      phoneNumber: 'phoneNumber',
      address: 'address',
      avatar: 'avatar',
      preferences: 'preferences',
    },
    relayDeadLetters: 'user-relay-dlq',
  },
];

/** What is sealed of an event, and whom or what the event is about. */
export type PersonalEvent = { readonly subject: string; readonly fields: readonly string[] };

/** Returns what is sealed of events of a type. Undefined when nothing is, or when the event does not say whom it is about. */
export const personalOf = (type: string, { orderId, userId }: Row): PersonalEvent | undefined => {
  const fields = sealedFieldsOf(type);
  if (fields.length === 0) return undefined;
  if (type.startsWith('User'))
    return typeof userId === 'string' ? { subject: subjectOf.user(userId), fields } : undefined;
  return typeof orderId === 'string' ? { subject: subjectOf.order(orderId), fields } : undefined;
};
