import { OrderId, TenantId } from '../../../lambda/contracts/values/text';
import { type Arguments, UsageError } from '../command';
import { whereOptions } from '../system/chosen-stage';
import type { Wanted } from './archive';
import { lengthOf, type Period, periodOf } from './period';

export const options = {
  order: { type: 'string' },
  consumer: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  type: { type: 'string' },
  tenant: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  ...whereOptions,
} as const;

export type Values = Arguments<typeof options>['values'];

/** What is sent again, and to whom. */
export type Replay = {
  readonly wanted: Wanted;
  /** The consumer's name or its queue's. @default every queue that is subscribed to the type, but live followers' */
  readonly consumer?: string | undefined;
};

const refuse = (problem: string): never => {
  throw new UsageError(`${problem}. See --help.`);
};

/** Throws an error that says what is wrong with a tenant's name. */
export const checkTenant = (tenant: string | undefined): void => {
  if (!TenantId.optional().safeParse(tenant).success) refuse(`--tenant "${tenant}": no tenant has this name`);
};

/** Throws an error that says what is wrong with an order. */
export const checkOrder = (orderId: string | undefined): void => {
  if (!OrderId.optional().safeParse(orderId).success) refuse(`--order "${orderId}": an order such as ORD-000001`);
};

/** Returns the period from --from to --to, or undefined when neither is given. */
export const givenPeriod = ({ from, to }: Pick<Values, 'from' | 'to'>, now: Date): Period | undefined => {
  if (from !== undefined) return periodOf({ from, to }, now);
  return to === undefined ? undefined : refuse('--to: needs --from');
};

/** What a command line asks for; throws an error that names the wrong argument and the rule that it breaks. */
export const replayOf = (values: Values, now: Date): Replay => {
  const { order, consumer, from, type } = values;
  checkOrder(order);
  checkTenant(values.tenant);
  if (type !== undefined && !/^[A-Z][A-Za-z]*\.v\d+$/.test(type))
    refuse(`--type "${type}": an event type such as OrderPlaced.v2`);
  if (order === undefined && from === undefined) refuse('say which events: --order, or --from and perhaps --to');
  const period = givenPeriod(values, now);
  const tenant = values.tenant ?? (order === undefined ? undefined : 'default');
  return { wanted: { tenant, about: order, type, period }, consumer };
};

/** Says that so many events reach nobody. */
export const nothingSent = ({ wanted: { type }, consumer }: Replay, read: number): string => {
  const events = `of these ${read} events${type === undefined ? '' : ` (${type})`}`;
  return `${consumer === undefined ? 'no consumer takes any' : `${consumer} takes none`} ${events}: nothing was sent`;
};

/** Whether so much goes to so many that a person must agree to it. */
export const needsAgreement = ({ wanted: { about, period }, consumer }: Replay): boolean =>
  about === undefined && consumer === undefined && period !== undefined && lengthOf(period) > 1;
