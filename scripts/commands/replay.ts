import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError, command } from '../lib/command';
import { agreed } from '../lib/confirm';
import { routesIn } from '../lib/dead-letters/dead-letter-route';
import { archiveIn, readArchive } from '../lib/events/archive';
import {
  needsAgreement,
  nothingSent,
  options,
  type Replay,
  replayOf,
  type Values,
} from '../lib/events/replay-arguments';
import { queueOf, replayEvents, sendTo } from '../lib/events/replay-events';
import { queueUrl } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { ok, print, printError, printTable, step } from '../lib/terminal';

const help = `
npm run replay -- --order ORDER [--tenant TENANT]
npm run replay -- --from TIME [--to TIME] [--tenant TENANT]

Sends archived events to their consumers again, just as they came the first time: after a consumer lost its data, or was
taught something new. Consumers do nothing twice, so replaying too much is harmless.

  --order ORDER      everything about one order, such as ORD-000001: its payment, its returns, its alerts
  --from TIME        what happened since: a day such as 2026-11-21 or a time such as 2026-11-21T08:00:00Z, in UTC
  --to TIME          until when; a day is in it (default: now)
  --consumer NAME    only to this consumer, such as billing (default: every queue that is subscribed to the type, but that
                     of live followers, who would be told of long ago)
  --type TYPE        only events of this type, such as OrderPlaced.v2
  --tenant TENANT    only events of this tenant (default with --order: default; else all)
  --dry-run          counts what would be sent, and sends nothing
  --yes              answers the question that comes before more than a day goes to more than one consumer
  --aws              works on the stack on AWS, with the credentials of the environment
  --stage dev|prod   which of them, with --aws (default: the only one that is deployed)
  --help             this text

An event is in the archive a second after it was published on a local AWS, and a minute or two after on AWS. Ctrl-C stops
after the events at hand; beginning again does no harm. Ends with 1 when nothing was found.
`;

const described = ({ wanted: { about, tenant, type, period } }: Replay): string =>
  [
    type ?? 'every event',
    ...(about === undefined ? [] : [`about ${about}`]),
    ...(tenant === undefined ? [] : [`of ${tenant}`]),
    ...(period === undefined ? [] : [`from ${period.from} to ${period.to}`]),
  ].join(' ');

const agree = async (replay: Replay, { 'dry-run': dryRun, yes }: Values, signal: AbortSignal) => {
  if (dryRun || yes || !needsAgreement(replay)) return;
  if (!(await agreed(`Replay ${described(replay)} to every consumer?`, signal)))
    throw new CommandError('Not agreed: nothing was sent.');
};

type Run = { readonly system: System; readonly values: Values; readonly signal: AbortSignal };

const carryOut = async (replay: Replay, { system, values, signal }: Run) => {
  const { 'dry-run': dryRun = false } = values;
  const routes = await routesIn(system);
  const queue = replay.consumer === undefined ? undefined : queueOf(replay.consumer, routes);
  const archive = await archiveIn(system);
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const name = dryRun
    ? { doing: 'reading the archive', done: 'archive read' }
    : { doing: 'replaying', done: 'replayed' };
  return step(name, (report) =>
    replayEvents({
      events: readArchive(archive, replay.wanted),
      routes,
      queue,
      signal,
      send: async (name, events) => (dryRun ? undefined : sendTo(sqs, queueUrl(system, name), events)),
      onProgress: (read, sent) => report(`${read} events read, ${sent} messages ${dryRun ? 'to send' : 'sent'}`),
    }),
  );
};

command({ help, options }, async (values) => {
  const replay = replayOf(values, new Date());
  const stop = new AbortController();
  const interrupt = () => {
    printError('\nstopping: the events at hand are finished');
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  await agree(replay, values, stop.signal);
  const system = await findSystem(values);
  const { read, sent, rows } = await carryOut(replay, { system, values, signal: stop.signal });
  if (read === 0) throw new CommandError(`The archive has nothing that fits: ${described(replay)}`);
  if (sent === 0) {
    print(nothingSent(replay, read));
    return 0;
  }
  printTable([{ title: 'queue' }, { title: 'event' }, { title: 'messages', align: 'right' }], rows);
  const said = `${read} events, ${sent} messages`;
  if (values['dry-run']) print(`${said}: nothing was sent`);
  else ok(`${said} sent`);
  return stop.signal.aborted ? 130 : 0;
});
