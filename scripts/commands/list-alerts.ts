import type { AlertView } from '../../lambda/contracts/api/alert-api';
import { AlertType } from '../../lambda/contracts/events/alert-events';
import { type AskedAlerts, alertColumns, alertRows, readAlertArguments } from '../lib/alerts-view';
import { CommandError, command } from '../lib/command';
import { clientFor } from '../lib/people/sign-in';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem } from '../lib/system/system';
import { ok, print, printTable } from '../lib/terminal';

const help = `
bash scripts/list-alerts.sh [--tenant TENANT] [--state STATE] [--type TYPE] [--severity P1|P2] [--json]
                            [--aws [--stage STAGE]]
bash scripts/list-alerts.sh --acknowledge|--close ALERT --note TEXT [--tenant TENANT]

The alerts of a shop, those raised last first: what is or was wrong between its orders and their payments, or with its
stock. An alert closes by itself when both sides agree. Closed by a person, it is raised again only by something new.

  --tenant TENANT      whose alerts (default: default)
  --state STATE        raised (default), resolved or all
  --type TYPE          ${AlertType.options.join(', ')}
  --severity P1|P2     P1 wants somebody at once, P2 today
  --json               prints the alerts with their history as JSON
  --acknowledge ALERT  says that you see to it, such as double_payment.ORD-000001
  --close ALERT        says that it is settled, in a way that this system does not see
  --note TEXT          what you found or did, for --acknowledge and --close
  --aws                works on the stack on AWS, with the credentials of the environment and a staff token as TOKEN
  --stage dev|prod     which of them, with --aws (default: the only one that is deployed)
  --help               this text
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  ...{ tenant: text, state: text, type: text, severity: text, acknowledge: text, close: text, note: text },
  ...{ json: flag, ...whereOptions },
} as const;

type Client = Awaited<ReturnType<typeof clientFor>>;

const readAll = async (client: Client, { query }: AskedAlerts): Promise<AlertView[]> => {
  const alerts: AlertView[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await client.listAlerts({ query: { ...query, limit: 100, ...(cursor && { cursor }) } });
    if (status !== 200) throw new CommandError(`${body.detail} (${status})`);
    alerts.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  return alerts;
};

const change = async (client: Client, { alertId, how, note }: NonNullable<AskedAlerts['change']>) => {
  const body = how === 'close' ? { state: 'RESOLVED' as const, note } : { acknowledged: true as const, note };
  const answer = await client.acknowledgeAlert({ params: { alertId }, body });
  if (answer.status !== 200)
    throw new CommandError(`${alertId}: ${answer.body?.detail ?? 'no change'} (${answer.status})`);
  const { closed, acknowledgement } = answer.body;
  if (how === 'close') ok(`${alertId}: closed by ${closed?.by ?? 'somebody'}`);
  else ok(`${alertId}: ${acknowledgement?.by ?? 'somebody'} sees to it`);
};

const alertsOf = (count: number) => `${count} alert${count === 1 ? '' : 's'}`;

command({ help, options }, async ({ json = false, ...given }) => {
  const asked = readAlertArguments(given);
  const client = await clientFor(await findSystem(given), asked.tenant, 'staff');
  if (asked.change !== undefined) return change(client, asked.change);
  const alerts = await readAll(client, asked);
  if (json) return print(JSON.stringify(alerts, null, 2));
  if (alerts.length > 0) printTable(alertColumns, alertRows(alerts));
  print(
    `${alertsOf(alerts.length)} of ${asked.tenant}${asked.query.state === 'RAISED' ? ' that nobody has closed' : ''}`,
  );
  if (given.tenant === undefined) print("Another shop's alerts:  bash scripts/list-alerts.sh --tenant TENANT");
});
