import type { AnyEvent } from '../../../lambda/contracts/events/event';
import { CancelReason } from '../../../lambda/contracts/values/order-status';
import { PaymentFailure } from '../../../lambda/contracts/values/payment-status';
import { line, ProductId } from '../../../lambda/contracts/values/text';
import { type Arguments, UsageError } from '../command';
import { whereOptions } from '../system/chosen-stage';
import type { Wanted } from './archive';
import { checkOrder, checkTenant, givenPeriod } from './replay-arguments';

/** One field as it was and as it became. `before` is missing when nothing is known of before. */
export type FieldChange = { readonly field: string; readonly before?: string; readonly after: string };

/** Who did what, from where, and what it changed. */
export type AuditEntry = {
  readonly time: string;
  /** What an event made by itself is done by that event; `-` when nobody says. */
  readonly who: string;
  /** The network, never a whole address; `-` for what acts by itself. */
  readonly from: string;
  readonly what: string;
  readonly of: string;
  readonly tenant: string;
  readonly eventId: string;
  readonly changes: readonly FieldChange[];
  /** Fields that changed and are not shown: they may say who somebody is. */
  readonly hidden: readonly string[];
};

const listed = (...names: string[]): ReadonlySet<string> => new Set(names);

/** Fields that say nothing of a person, by their last name. Whatever is not here is not shown. */
const shown = listed(
  ...['status', 'paymentStatus', 'paymentMethod', 'stockStatus', 'outcome', 'currency', 'orderId', 'paymentId'],
  ...[
    'subtotal',
    'tax',
    'total',
    'totalAmount',
    'amount',
    'price',
    'taxRateBps',
    'quantity',
    'unitPrice',
    'categories',
  ],
  ...['deadline', 'paymentDeadline', 'placedAt', 'shippedAt', 'deliveredAt', 'requestedAt', 'returnedAt', 'resolvedAt'],
  ...['provider', 'capturedAmount', 'refundAmount', 'refundedTotal', 'capturedTotal', 'fullyRefunded', 'late'],
  ...['externalPaymentId', 'refundId', 'seenAmount', 'seenCurrency', 'orderFullyReturned', 'type', 'severity', 'count'],
  ...['available', 'requested', 'onHand', 'expectedOnHand', 'reserved', 'expectedReserved', 'productId'],
  ...['standard', 'reduced', 'backorders', 'backorderHours', 'tenantPerMinute', 'callerPerMinute', 'payments', 'keyId'],
);

/** Whose `name` is no person's. */
const named = listed('/products', '/tenants');

/** Reasons that the system gives: those of people are what they typed. */
const reasons = listed(...CancelReason.options, ...PaymentFailure.options);

/** A code, a number or a time: text that somebody typed may say anything. */
const code = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/;

const isShown = (source: string, field: string, value: string): boolean => {
  const name = field.slice(field.lastIndexOf('.') + 1);
  if (name === 'name') return named.has(source);
  if (name === 'reason') return reasons.has(value);
  return shown.has(name) && value.split(', ').every((part) => part === '' || code.test(part));
};

const nameOf = (item: unknown, index: number): string => {
  const { productId } = Object(item);
  return typeof productId === 'string' ? productId : String(index);
};

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every field of an event's data with its dotted name: `lines.PROD-002.quantity`. */
const fieldsOf = (data: object, prefix = ''): [field: string, value: string][] =>
  Object.entries(data).flatMap(([name, value]): [string, string][] => {
    const field = `${prefix}${name}`;
    if (!isNested(value)) return [[field, String(value)]];
    if (!Array.isArray(value)) return fieldsOf(value, `${field}.`);
    if (!value.some(isNested)) return [[field, value.join(', ')]];
    return value.flatMap((item, index) => fieldsOf(Object(item), `${field}.${nameOf(item, index)}.`));
  });

const implied = ['previousStatus', 'version']; // what before and after say anyway

const typeName = (type: string) => type.replace(/\.v\d+$/, '');

/**
 * Makes audit entries of events, which must come in their order. What was before is what the event before said of the same
 * thing; what an event does not speak of is as it was.
 */
export const auditTrail = () => {
  const known = new Map<string, Map<string, string>>();

  const stateOf = ({ tenantid, source, subject }: AnyEvent) => {
    const key = `${tenantid} ${source} ${subject}`;
    const state = known.get(key);
    if (state !== undefined) return { state, isFirst: false };
    const fresh = new Map<string, string>();
    known.set(key, fresh);
    return { state: fresh, isFirst: true };
  };

  return (event: AnyEvent): AuditEntry => {
    const { state, isFirst } = stateOf(event);
    const changed = fieldsOf(event.data).filter(
      ([field, value]) => !implied.includes(field) && state.get(field) !== value,
    );
    const visible = changed.filter(([field, value]) => isShown(event.source, field, value));
    const hidden = isFirst ? [] : changed.filter((one) => !visible.includes(one)).map(([field]) => field);
    const changes = visible.map(([field, after]): FieldChange => {
      const before = state.get(field);
      return before === undefined ? { field, after } : { field, before: safe(event.source, field, before), after };
    });
    for (const [field, value] of changed) state.set(field, value);
    return {
      time: event.time,
      who: event.actor ?? (event.causationid === undefined ? '-' : `by ${event.causationid}`),
      from: event.network ?? '-',
      what: typeName(event.type),
      of: `${event.source} ${event.subject}`,
      tenant: event.tenantid,
      eventId: event.id,
      changes,
      hidden,
    };
  };
};

const safe = (source: string, field: string, value: string) => (isShown(source, field, value) ? value : '…');

const changeText = ({ field, before, after }: FieldChange): string =>
  before === undefined ? `${field} ${after}` : `${field} ${before} → ${after}`;

/** A table's rows, oldest first. */
export const auditRows = (entries: readonly AuditEntry[]): string[][] =>
  entries.map(({ time, who, from, what, of, changes, hidden }) => [
    time,
    who,
    from,
    what,
    of,
    [...changes.map(changeText), ...hidden.map((field) => `${field} changed`)].join(', '),
  ]);

export const options = {
  order: { type: 'string' },
  product: { type: 'string' },
  actor: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  tenant: { type: 'string' },
  json: { type: 'boolean' },
  ...whereOptions,
} as const;

export type Values = Arguments<typeof options>['values'];

/** Whose doings are looked at, in which events. */
export type Audit = { readonly wanted: Wanted; readonly actor?: string | undefined };

const dayMs = 86_400_000;

const refuse = (problem: string): never => {
  throw new UsageError(`${problem}. See --help.`);
};

/** What a command line asks for; throws an error that names the wrong argument and the rule that it breaks. */
export const auditOf = (values: Values, now: Date): Audit => {
  const { order, product, actor, tenant } = values;
  const asked = [order, product, actor].filter((one) => one !== undefined);
  if (asked.length !== 1) refuse('say exactly one of --order, --product and --actor');
  checkOrder(order);
  checkTenant(tenant);
  if (!ProductId.optional().safeParse(product).success) refuse(`--product "${product}": a product such as PROD-001`);
  if (!line(128).optional().safeParse(actor).success) refuse(`--actor: a user's ID, guest, or what acts by itself`);
  const period = givenPeriod(values, now);
  if (actor === undefined) return { wanted: { tenant: tenant ?? 'default', about: order ?? product, period } };
  const lastWeek = { from: new Date(now.getTime() - 7 * dayMs).toISOString(), to: now.toISOString() };
  return { wanted: { tenant, period: period ?? lastWeek }, actor };
};
