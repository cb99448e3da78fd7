import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CommandError, command } from './command';
import { checkTenant } from './replay-arguments';
import { clientOptions, findSystem, type System } from './system';
import { print, printLongTable } from './terminal';

const help = `
npm run sales -- [--tenant TENANT] [--aws]

Shows what sells: the units of each product in confirmed orders, less those of cancelled ones, the best first.

  --tenant TENANT  whose products (default: default)
  --aws            works on the stack on AWS, with the credentials of the environment
  --help           this text
`;

const options = { tenant: { type: 'string', default: 'default' }, aws: { type: 'boolean' } } as const;

const CounterRow = z.object({ subject: z.string(), unitsSold: z.int(), orders: z.int() });
type CounterRow = z.infer<typeof CounterRow>;

const productPrefix = 'PRODUCT#';

/** The table of the same stage as the order system's: plain, or with the stage before it. */
const tableOf = ({ tableNames }: System): string => {
  const orders = tableNames.find((name) => name === 'orders' || name.endsWith('-orders')) ?? 'orders';
  return orders.replace(/orders$/, 'product-sales');
};

const readCounters = async (system: System, tenant: string): Promise<CounterRow[]> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(system)));
  const counters: CounterRow[] = [];
  const query = {
    TableName: tableOf(system),
    KeyConditionExpression: 'tenantId = :tenant AND begins_with(subject, :products)',
    ExpressionAttributeValues: { ':tenant': tenant, ':products': productPrefix },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    counters.push(...Items.map((item) => CounterRow.parse(item)));
  return counters;
};

const deployFirst =
  'The storefront is not deployed. Deploy it with: npx cdklocal deploy --app "npx tsx bin/storefront.ts" --require-approval never';

command({ help, options }, async ({ tenant, aws }) => {
  checkTenant(tenant);
  const counters = await readCounters(await findSystem({ aws }), tenant).catch((error: Error) => {
    throw error.name === 'ResourceNotFoundException' ? new CommandError(deployFirst) : error;
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
