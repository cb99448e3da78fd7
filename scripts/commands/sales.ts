import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CommandError, command } from '../lib/command';
import { checkTenant } from '../lib/events/replay-arguments';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem, type System } from '../lib/system/system';
import { type Tables, tablesOf } from '../lib/system/tables';
import { print, printLongTable } from '../lib/terminal';

const help = `
npm run sales -- [--tenant TENANT] [--aws [--stage STAGE]]

Shows what sells: the units of each product in confirmed orders, less those of cancelled ones, the best first.

  --tenant TENANT  whose products (default: default)
  --aws            works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help           this text
`;

const options = { tenant: { type: 'string', default: 'default' }, ...whereOptions } as const;

const CounterRow = z.object({ subject: z.string(), unitsSold: z.int(), orders: z.int() });
type CounterRow = z.infer<typeof CounterRow>;

const productPrefix = 'PRODUCT#';

const readCounters = async ({ db, called }: Tables, tenant: string): Promise<CounterRow[]> => {
  const counters: CounterRow[] = [];
  const query = {
    TableName: called('product-sales'),
    KeyConditionExpression: 'tenantId = :tenant AND begins_with(subject, :products)',
    ExpressionAttributeValues: { ':tenant': tenant, ':products': productPrefix },
  };
  for await (const { Items = [] } of paginateQuery({ client: db }, query))
    counters.push(...Items.map((item) => CounterRow.parse(item)));
  return counters;
};

const deployFirst = ({ endpoint }: System): string =>
  endpoint === undefined
    ? 'The storefront is not deployed. Deploy it with: npm run deploy -- --help'
    : 'The storefront is not deployed. Deploy it with: npm start';

command({ help, options }, async ({ tenant, ...where }) => {
  checkTenant(tenant);
  const system = await findSystem(where);
  const counters = await readCounters(tablesOf(system), tenant).catch((error: Error) => {
    throw error.name === 'ResourceNotFoundException' ? new CommandError(deployFirst(system)) : error;
  });
  if (counters.length === 0) return print(`Nothing was sold by ${tenant} since the storefront was deployed.`);
  const best = counters.sort(
    (one, other) => other.unitsSold - one.unitsSold || one.subject.localeCompare(other.subject),
  );
  printLongTable(
    [{ title: 'product' }, { title: 'units sold', align: 'right' }, { title: 'orders', align: 'right' }],
    best.map(({ subject, unitsSold, orders }) => [subject.slice(productPrefix.length), unitsSold, orders]),
  );
});
