import { line, ProductId } from '../../../lambda/contracts/text';
import { type Arguments, UsageError } from '../command';
import { whereOptions } from '../system/chosen-stage';
import type { Wanted } from './archive';
import { checkOrder, checkTenant, givenPeriod } from './replay-arguments';

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
