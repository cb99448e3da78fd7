import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError, command } from '../lib/command';
import { agreed } from '../lib/confirm';
import { type DeadLetter, isSelected } from '../lib/dead-letters/dead-letter';
import {
  type ActOptions,
  deleteDeadLetters,
  listDeadLetters,
  type Outcome,
  redriveDeadLetters,
} from '../lib/dead-letters/dead-letter-actions';
import { auditFile } from '../lib/dead-letters/dead-letter-audit';
import type { Queue } from '../lib/dead-letters/dead-letter-queue';
import { type Routes, routeOf, routesIn } from '../lib/dead-letters/dead-letter-route';
import {
  counted,
  nothingSelected,
  showDeadLetter,
  showDeadLetters,
  showOutcome,
  showPlan,
} from '../lib/dead-letters/dead-letter-view';
import {
  checkConsumer,
  consumers,
  maxWords,
  options,
  type Task,
  taskOf,
  type Values,
} from '../lib/dead-letters/manage-dlq-arguments';
import { localFolder } from '../lib/folders';
import { queueDepth, queueUrl } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { wrap } from '../lib/table';
import { ok, print, printError, terminal } from '../lib/terminal';

const consumerLines = wrap(consumers.join(', '), 98)
  .map((line) => `${' '.repeat(21)}${line}`)
  .join('\n');

const help = `
bash scripts/manage-dlq.sh [list] [--consumer NAME]
bash scripts/manage-dlq.sh show ID
bash scripts/manage-dlq.sh redrive --id ID | --consumer NAME | --all  [--reason TEXT]
bash scripts/manage-dlq.sh delete  --id ID | --consumer NAME | --all  --reason TEXT

Works on the dead letters of all consumers (order-processing-dlq).

  list      messages grouped by consumer and error, and their IDs
  show      one message whole: where it came from, why it failed, its body (which holds personal data)
  redrive   sends messages back to the queue they came from; one that does not know its queue goes to every queue
            that is subscribed to its type. Consumers do nothing twice, so redriving too much is harmless
  delete    removes messages for good: what they would have done will never happen

  --id ID            the message with this ID, as list prints it
  --consumer NAME    the messages of one consumer:
${consumerLines}
  --all              every message
  --reason TEXT      why, for the audit file; delete needs it
  --dry-run          shows what would be done, and to which queue, and does nothing
  --yes              answers the question that comes before redrive and delete
  --json             writes one JSON value (with the bodies) to standard output, progress to standard error
  --queue NAME       another dead-letter queue: a relay's, such as order-relay-dlq (list, show, delete)
  --audit-file FILE  where each action is noted, one JSON line each (default: .local/dlq-audit.jsonl)
  --aws              works on the stack on AWS, with the credentials of the environment
  --stage dev|prod   which of them, with --aws (default: the only one that is deployed)
  --help             this text

Messages are hidden from others only while they are read or moved. Ctrl-C stops after the messages at hand and puts the
rest back. Ends with 1 when something could not be done, with 2 for a wrong command line.
`;

type Run = { readonly system: System; readonly queue: Queue; readonly values: Values; readonly signal: AbortSignal };

const errors = terminal(process.stderr);

const printJson = (value: unknown) => print(JSON.stringify(value, undefined, 2));

/** The output keeps the name `letter`, which scripts of operators may read. */
const inJson = <Row extends { readonly deadLetter: DeadLetter }>({ deadLetter, ...rest }: Row) => ({
  letter: deadLetter,
  ...rest,
});

const readDeadLetters = async ({ queue, signal }: Run, name: string): Promise<DeadLetter[]> => {
  const deadLetters = await errors.step({ doing: `reading ${name}`, done: `${name} read` }, (report) =>
    listDeadLetters(queue, { signal, onProgress: (seen) => report(counted(seen)) }),
  );
  const { inFlight } = await queueDepth(queue.sqs, name, queue.queueUrl);
  if (inFlight > 0) errors.warn(`${counted(inFlight)} more, in somebody else's hands at the moment, not shown`);
  return deadLetters;
};

const unknownMessage = (messageId: string) =>
  new CommandError(`no message has the ID "${messageId}"; "list" shows those there are`);

const list = (deadLetters: readonly DeadLetter[], { values }: Run): number => {
  if (values.json) printJson(deadLetters);
  else showDeadLetters(deadLetters);
  return 0;
};

const show = (deadLetters: readonly DeadLetter[], messageId: string, { values }: Run): number => {
  const deadLetter = deadLetters.find((one) => one.messageId === messageId);
  if (deadLetter === undefined)
    throw new CommandError(`no message has the ID "${messageId}"; "list" shows those there are`);
  if (values.json) printJson(deadLetter);
  else showDeadLetter(deadLetter);
  return 0;
};

type Acting = Extract<Task, { readonly selection: unknown; readonly verb: 'redrive' | 'delete' }>;

/** The selected dead letters, and where they may go. */
type Plan = { readonly deadLetters: readonly DeadLetter[]; readonly routes: Routes };

const act = (task: Acting, { deadLetters, routes }: Plan, run: Run): Promise<Outcome> => {
  const { system, queue, values, signal } = run;
  const path = values['audit-file'] ?? join(localFolder, 'dlq-audit.jsonl');
  const note = auditFile(path, { queue: task.queue, reason: task.reason });
  const ids = deadLetters.map(({ messageId }) => messageId);
  return errors.step(
    task.verb === 'redrive' ? { doing: 'redriving', done: 'redriven' } : { doing: 'deleting', done: 'deleted' },
    (report) => {
      const given: ActOptions = { signal, note, onProgress: (done, of) => report(`${done} of ${of}`) };
      return task.verb === 'redrive'
        ? redriveDeadLetters({ ...queue, queueUrls: system.queueUrls, routes }, ids, given)
        : deleteDeadLetters(queue, ids, given);
    },
  );
};

const planOf = async (
  { verb, selection }: Acting,
  deadLetters: readonly DeadLetter[],
  { system }: Run,
): Promise<Plan> => {
  if (deadLetters.length === 0 && 'messageId' in selection) throw unknownMessage(selection.messageId);
  if (verb === 'delete') return { deadLetters, routes: { workQueues: [], subscriptions: [] } };
  return { deadLetters, routes: await routesIn(system) };
};

const carryOut = async (task: Acting, plan: Plan, run: Run): Promise<Outcome> => {
  const { values, signal } = run;
  if (plan.deadLetters.length === 0 || values['dry-run']) return { deeds: [], missing: [] };
  const question = `${task.verb === 'redrive' ? 'Redrive' : 'Delete'} ${counted(plan.deadLetters.length)}?`;
  if (!values.yes && !(await agreed(question, signal))) throw new CommandError('Not agreed: nothing was done.');
  return act(task, plan, run);
};

const planAndAct = async (task: Acting, deadLetters: readonly DeadLetter[], run: Run): Promise<number> => {
  const { json, 'dry-run': dryRun = false } = run.values;
  const { verb } = task;
  const plan = await planOf(task, deadLetters, run);
  const routed = deadLetters.map((deadLetter) => ({
    deadLetter,
    ...(verb === 'redrive' ? { route: routeOf(deadLetter, plan.routes) } : {}),
  }));
  if (!json) showPlan(verb, routed);
  const outcome = await carryOut(task, plan, run);
  if (json) printJson({ verb, dryRun, plan: routed.map(inJson), ...outcome, deeds: outcome.deeds.map(inJson) });
  else showOutcome(outcome, { verb, dryRun });
  if (run.signal.aborted) return 130;
  return outcome.missing.length > 0 || outcome.deeds.some(({ problem }) => problem !== undefined) ? 1 : 0;
};

const perform = async (task: Task, run: Run): Promise<number> => {
  const deadLetters = await readDeadLetters(run, task.queue);
  if (run.signal.aborted) return 130;
  if (task.verb === 'show') return show(deadLetters, task.messageId, run);
  checkConsumer(task.selection, deadLetters);
  const selected = deadLetters.filter((deadLetter) => isSelected(task.selection, deadLetter));
  const none = nothingSelected(task.selection, deadLetters.length);
  if (selected.length === 0 && !run.values.json && !('messageId' in task.selection)) {
    ok(none);
    return 0;
  }
  return task.verb === 'list' ? list(selected, run) : planAndAct(task, selected, run);
};

command({ help, options, words: maxWords }, async (values, words) => {
  const task = taskOf(values, words);
  const stop = new AbortController();
  const interrupt = () => {
    printError('\nstopping: the messages at hand are finished, the rest is put back');
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const system = await findSystem(values);
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const queue = { sqs, queueUrl: queueUrl(system, task.queue) };
  return perform(task, { system, queue, values, signal: stop.signal });
});
