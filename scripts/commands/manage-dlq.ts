import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError, command } from '../lib/command';
import { agreed } from '../lib/confirm';
import { type DeadLetter, isSelected } from '../lib/dead-letters/dead-letter';
import {
  type ActOptions,
  deleteLetters,
  listLetters,
  type Outcome,
  redriveLetters,
} from '../lib/dead-letters/dead-letter-actions';
import { auditFile } from '../lib/dead-letters/dead-letter-audit';
import type { Queue } from '../lib/dead-letters/dead-letter-queue';
import { type Routes, routeOf, routesIn } from '../lib/dead-letters/dead-letter-route';
import { counted, showLetter, showLetters, showOutcome, showPlan } from '../lib/dead-letters/dead-letter-view';
import { maxWords, options, type Task, taskOf, type Values } from '../lib/dead-letters/manage-dlq-arguments';
import { localFolder } from '../lib/folders';
import { queueDepth, queueUrl } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { print, printError, terminal } from '../lib/terminal';

const help = `
bash scripts/manage-dlq.sh [list] [--consumer NAME]
bash scripts/manage-dlq.sh show ID
bash scripts/manage-dlq.sh redrive --id ID | --consumer NAME | --all  [--reason TEXT]
bash scripts/manage-dlq.sh delete  --id ID | --consumer NAME | --all  --reason TEXT

Works on the messages that consumers gave up on (order-processing-dlq).

  list      messages grouped by consumer and error, and their IDs
  show      one message whole: where it came from, why it failed, its body (which holds personal data)
  redrive   sends messages back to the queue they came from; one that does not know its queue goes to every queue
            that is subscribed to its type. Consumers do nothing twice, so redriving too much is harmless
  delete    removes messages for good: what they would have done will never happen

  --id ID            the message with this ID, as list prints it
  --consumer NAME    the messages of one consumer: inventory, inventory-catalog, inventory-return, notification, billing,
                     order-saga, order-copy, order-payment, payment, catalog, return, alert, sys-pay-alert, live, archive,
                     sales
  --all              every message
  --reason TEXT      why, for the audit file; delete needs it
  --dry-run          shows what would be done, and to which queue, and does nothing
  --yes              answers the question that comes before redrive and delete
  --json             writes one JSON value (with the bodies) to standard output, progress to standard error
  --queue NAME       another queue of parked messages: a relay's, such as order-relay-dlq (list, show, delete)
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

const readLetters = async ({ queue, signal }: Run, name: string): Promise<DeadLetter[]> => {
  const letters = await errors.step({ doing: `reading ${name}`, done: `${name} read` }, (tell) =>
    listLetters(queue, { signal, onProgress: (seen) => tell(counted(seen)) }),
  );
  const { inFlight } = await queueDepth(queue.sqs, name, queue.queueUrl);
  if (inFlight > 0) errors.warn(`${counted(inFlight)} more, in somebody else's hands at the moment, not shown`);
  return letters;
};

const unknownMessage = (messageId: string) =>
  new CommandError(`no message has the ID "${messageId}"; "list" shows those there are`);

const list = (letters: readonly DeadLetter[], { values }: Run): number => {
  if (values.json) printJson(letters);
  else showLetters(letters);
  return 0;
};

const show = (letters: readonly DeadLetter[], messageId: string, { values }: Run): number => {
  const letter = letters.find((one) => one.messageId === messageId);
  if (letter === undefined)
    throw new CommandError(`no message has the ID "${messageId}"; "list" shows those there are`);
  if (values.json) printJson(letter);
  else showLetter(letter);
  return 0;
};

type Acting = Extract<Task, { readonly selection: unknown; readonly verb: 'redrive' | 'delete' }>;

/** The letters that are meant, and where letters may go. */
type Plan = { readonly letters: readonly DeadLetter[]; readonly routes: Routes };

const act = (task: Acting, { letters, routes }: Plan, run: Run): Promise<Outcome> => {
  const { system, queue, values, signal } = run;
  const path = values['audit-file'] ?? join(localFolder, 'dlq-audit.jsonl');
  const note = auditFile(path, { queue: task.queue, reason: task.reason });
  const ids = letters.map(({ messageId }) => messageId);
  return errors.step(
    task.verb === 'redrive' ? { doing: 'redriving', done: 'redriven' } : { doing: 'deleting', done: 'deleted' },
    (tell) => {
      const given: ActOptions = { signal, note, onProgress: (done, of) => tell(`${done} of ${of}`) };
      return task.verb === 'redrive'
        ? redriveLetters({ ...queue, queueUrls: system.queueUrls, routes }, ids, given)
        : deleteLetters(queue, ids, given);
    },
  );
};

const planOf = async ({ verb, selection }: Acting, letters: readonly DeadLetter[], { system }: Run): Promise<Plan> => {
  if (letters.length === 0 && 'messageId' in selection) throw unknownMessage(selection.messageId);
  if (verb === 'delete') return { letters, routes: { workQueues: [], subscriptions: [] } };
  return { letters, routes: await routesIn(system) };
};

const carryOut = async (task: Acting, plan: Plan, run: Run): Promise<Outcome> => {
  const { values, signal } = run;
  if (plan.letters.length === 0 || values['dry-run']) return { deeds: [], missing: [] };
  const question = `${task.verb === 'redrive' ? 'Redrive' : 'Delete'} ${counted(plan.letters.length)}?`;
  if (!values.yes && !(await agreed(question, signal))) throw new CommandError('Not agreed: nothing was done.');
  return act(task, plan, run);
};

const planAndAct = async (task: Acting, letters: readonly DeadLetter[], run: Run): Promise<number> => {
  const { json, 'dry-run': dryRun = false } = run.values;
  const { verb } = task;
  const plan = await planOf(task, letters, run);
  const routed = letters.map((letter) => ({
    letter,
    ...(verb === 'redrive' ? { route: routeOf(letter, plan.routes) } : {}),
  }));
  if (!json) showPlan(verb, routed);
  const outcome = await carryOut(task, plan, run);
  if (json) printJson({ verb, dryRun, plan: routed, ...outcome });
  else showOutcome(outcome, { verb, dryRun });
  if (run.signal.aborted) return 130;
  return outcome.missing.length > 0 || outcome.deeds.some(({ problem }) => problem !== undefined) ? 1 : 0;
};

const perform = async (task: Task, run: Run): Promise<number> => {
  const letters = await readLetters(run, task.queue);
  if (run.signal.aborted) return 130;
  if (task.verb === 'show') return show(letters, task.messageId, run);
  const selected = letters.filter((letter) => isSelected(task.selection, letter));
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
