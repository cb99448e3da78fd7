import type { AnyEvent } from '../../lambda/contracts/events/event';
import { CommandError, command } from '../lib/command';
import { archiveIn, byTime, readArchive } from '../lib/events/archive';
import { type Audit, type AuditEntry, auditOf, auditRows, auditTrail, options } from '../lib/events/audit-trail';
import { findSystem, type System } from '../lib/system/system';
import { print, printTable, terminal } from '../lib/terminal';

const help = `
npm run audit -- --order ORDER | --product PRODUCT | --actor ACTOR [--from TIME] [--to TIME] [--tenant TENANT]

Who did what, from where, when, and what it changed: every event of the archive, oldest first, with each field as it was
and as it became. Personal data is left out: e-mail addresses, names of people and what they typed are never shown.

  --order ORDER      everything about one order, such as ORD-000001: its payment, its returns, its alerts
  --product PRODUCT  everything about one product, such as PROD-001. Movements of its stock are in the ledger:
                     GET /inventory/{productId}/movements
  --actor ACTOR      everything that somebody did: a user's ID, guest, or what acts by itself, such as sweep or stripe
  --from TIME        since a day such as 2026-11-21 or a time such as 2026-11-21T08:00:00Z, in UTC (default: everything;
                     with --actor, the last seven days). What was before that time is not known
  --to TIME          until when; a day is in it (default: now)
  --tenant TENANT    whose (default: default; with --actor, all)
  --json             writes one JSON value to standard output, progress to standard error
  --aws              works on the stack on AWS, with the credentials of the environment
  --stage dev|prod   which of them, with --aws (default: the only one that is deployed)
  --help             this text

An event is in the archive a second after it was published on a local AWS, and a minute or two after on AWS.
`;

const errors = terminal(process.stderr);

const entriesOf = async (system: System, { wanted, actor }: Audit): Promise<AuditEntry[]> => {
  const archive = await archiveIn(system);
  return errors.step({ doing: 'reading the archive', done: 'archive read' }, async (report) => {
    const all: AnyEvent[] = [];
    const onProgress = ({ files, events }: { files: number; events: number }) =>
      report(`${events} events in ${files} files`);
    for await (const events of readArchive(archive, wanted, onProgress)) all.push(...events);
    const entryOf = auditTrail();
    return all
      .sort(byTime)
      .map(entryOf)
      .filter(({ who }) => actor === undefined || who === actor);
  });
};

const columns = ['time', 'who', 'from', 'what', 'of', 'changes'].map((title) => ({ title }));

command({ help, options }, async (values) => {
  const audit = auditOf(values, new Date());
  const entries = await entriesOf(await findSystem(values), audit);
  if (values.json) {
    print(JSON.stringify(entries, undefined, 2));
    return 0;
  }
  if (entries.length === 0) throw new CommandError('The archive has nothing that fits.');
  printTable(columns, auditRows(entries));
  print(`${entries.length} events`);
  return 0;
});
