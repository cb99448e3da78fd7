import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { line } from '../../lambda/contracts/values/text';
import { CommandError, command, UsageError } from '../lib/command';
import { whereOptions } from '../lib/system/chosen-stage';
import { clientOptions, findSystem, resourcesOf, type System } from '../lib/system/system';
import { fail, ok, printLongTable, step, title } from '../lib/terminal';

const help = `
npm run audit-stock [-- --repair --reason TEXT] [--aws [--stage STAGE]]

Compares the stock of every product, of all tenants, with the movements and reservations that it comes from, and counts
all reservations anew for it: that takes the longer, the more orders there were. The stack does the same by itself every
hour for what has changed, and raises an alert about each difference that it finds.

  --repair          writes one movement for each product that does not add up: what is on hand stays as it is and the
                    ledger explains it; what is reserved becomes what orders and hands really hold
  --reason TEXT     why, for the ledger; --repair needs it
  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text

Products that are being sold at this moment are left out. Ends with 1 when something differs and was not repaired.
`;

const options = { repair: { type: 'boolean' }, reason: { type: 'string' }, ...whereOptions } as const;

const Report = z.object({
  judged: z.int(),
  busy: z.int(),
  differences: z.array(
    z.object({
      tenantId: z.string(),
      productId: z.string(),
      onHand: z.int(),
      expectedOnHand: z.int(),
      reserved: z.int(),
      expectedReserved: z.int(),
    }),
  ),
  repaired: z.int(),
  unrepairable: z.int(),
  goOn: z.object({ after: z.string().optional() }).optional(),
});
type Report = z.infer<typeof Report>;

const operator = 'operator';

const repairOf = ({ repair = false, reason }: { repair?: boolean | undefined; reason?: string | undefined }) => {
  if (repair && reason === undefined) throw new UsageError('--repair: needs --reason. See --help.');
  if (!repair && reason !== undefined) throw new UsageError('--reason: is for --repair. See --help.');
  const parsed = line(200).optional().safeParse(reason);
  if (!parsed.success) throw new UsageError(`--reason: ${parsed.error.issues[0]?.message}. See --help.`);
  return repair && reason !== undefined ? { repair: { reason, by: operator } } : {};
};

const auditFunction = async (system: System): Promise<string> => {
  const found = (await resourcesOf(system)).find(
    ({ type, logicalId }) => type === 'AWS::Lambda::Function' && logicalId.startsWith('InventoryAudit'),
  );
  if (found !== undefined) return found.id;
  throw new CommandError('The stack has no audit of the stock: deploy it again.');
};

const runAudit = async (system: System, asked: unknown): Promise<Report> => {
  const client = new LambdaClient(clientOptions(system));
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: await auditFunction(system), Payload: Buffer.from(JSON.stringify(asked)) }),
  );
  const text = Buffer.from(Payload ?? []).toString('utf8');
  if (FunctionError !== undefined) throw new CommandError(`The audit failed: ${text}`);
  return Report.parse(JSON.parse(text));
};

/** Runs the audit until it has gone through everything: each run has some minutes. */
const auditAll = async (system: System, asked: object): Promise<Report> => {
  let report = await runAudit(system, { ...asked, whole: {} });
  while (report.goOn !== undefined) {
    const next = await runAudit(system, { ...asked, whole: { goOn: report.goOn } });
    report = {
      judged: report.judged + next.judged,
      busy: report.busy + next.busy,
      differences: [...report.differences, ...next.differences],
      repaired: report.repaired + next.repaired,
      unrepairable: report.unrepairable + next.unrepairable,
      goOn: next.goOn,
    };
  }
  return report;
};

const products = (count: number) => `${count} product${count === 1 ? '' : 's'}`;

const showDifferences = ({ differences }: Report) => {
  title('What does not add up');
  printLongTable(
    [
      { title: 'tenant' },
      { title: 'product' },
      { title: 'on hand', align: 'right' },
      { title: 'expected', align: 'right' },
      { title: 'reserved', align: 'right' },
      { title: 'expected', align: 'right' },
    ],
    differences.map((one) => [
      one.tenantId,
      one.productId,
      one.onHand,
      one.expectedOnHand,
      one.reserved,
      one.expectedReserved,
    ]),
  );
};

command({ help, options }, async (given) => {
  const asked = repairOf(given);
  const system = await findSystem(given);
  const report = await step({ doing: 'auditing', done: 'audited' }, () => auditAll(system, asked));
  const { judged, busy, differences, repaired, unrepairable } = report;
  if (differences.length > 0) showDifferences(report);
  const busyToo = busy === 0 ? '' : `; ${products(busy)} changed meanwhile and are left to the next audit`;
  if (differences.length === repaired) {
    ok(`${products(judged)} audited${repaired === 0 ? ', all of them add up' : `, ${repaired} repaired`}${busyToo}`);
    return 0;
  }
  if (unrepairable > 0) fail(`${products(unrepairable)} must be counted first: more is held than is there`);
  fail(`${differences.length - repaired} of ${products(judged)} do not add up${busyToo}`);
  return 1;
});
