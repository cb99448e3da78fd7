import { unsealed } from '../values/sealed';

/** The fields that the second version seals, by the name of the event without its version. */
const sealedSince: Readonly<Record<string, readonly string[]>> = {
  OrderPlaced: ['customerEmail'],
  OrderConfirmed: ['customerEmail'],
  OrderBackordered: ['customerEmail'],
  OrderAwaitingPayment: ['customerEmail'],
  OrderPaymentUpdated: ['customerEmail'],
  OrderCancelled: ['customerEmail'],
  OrderProcessing: ['customerEmail'],
  OrderShipped: ['customerEmail'],
  OrderDelivered: ['customerEmail'],
  OrderReturned: ['customerEmail'],
  ReturnRequested: ['customerEmail', 'reason'],
  ReturnApproved: ['customerEmail', 'reason'],
  ReturnRejected: ['customerEmail', 'reason'],
  ReturnCompleted: ['customerEmail', 'reason'],
  UserAuthenticated: ['email'],
  UserProfileCreated: ['email', 'displayName'],
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const inSealedForm = (data: Record<string, unknown>, fields: readonly string[]) =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      fields.includes(name) && typeof value === 'string' && value !== '' ? unsealed(value) : value,
    ]),
  );

/**
 * Returns an event as the newest version of its type would state it; anything else as it is. An event of the first
 * version may come from a queue, a dead-letter queue or the archive.
 */
export const asNewestVersion = (event: unknown): unknown => {
  if (!isObject(event) || typeof event.type !== 'string' || !isObject(event.data)) return event;
  const [name = '', version] = event.type.split('.');
  const fields = version === 'v1' ? sealedSince[name] : undefined;
  return fields === undefined ? event : { ...event, type: `${name}.v2`, data: inSealedForm(event.data, fields) };
};

/** Returns types of events with the earlier versions that consumers of them accept, too. */
export const withEarlierVersions = (types: readonly string[]): string[] =>
  types.flatMap((type) => {
    const [name = '', version] = type.split('.');
    return version === 'v2' && sealedSince[name] !== undefined ? [type, `${name}.v1`] : [type];
  });

/** Returns the fields that the newest version of an event's type seals since the second one; none of another type. */
export const sealedFieldsOf = (type: string): readonly string[] => sealedSince[type.split('.')[0] ?? ''] ?? [];
