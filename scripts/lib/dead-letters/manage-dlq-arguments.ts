import { type Arguments, readArguments, UsageError } from '../command';
import { whereOptions } from '../system/chosen-stage';
import { deadLetterQueueName } from '../system/queues';
import type { DeadLetter, Selection } from './dead-letter';

export const options = {
  id: { type: 'string' },
  consumer: { type: 'string' },
  all: { type: 'boolean' },
  reason: { type: 'string' },
  queue: { type: 'string' },
  'audit-file': { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  ...whereOptions,
} as const;

export type Values = Arguments<typeof options>['values'];

const common = ['queue', 'json', 'aws', 'stage'];
const acting = [...common, 'id', 'consumer', 'all', 'reason', 'audit-file', 'dry-run', 'yes'];
const allowed: Readonly<Record<string, readonly string[]>> = {
  list: [...common, 'consumer'],
  show: common,
  redrive: acting,
  delete: acting,
};

/** What an operator asks for. */
export type Task = { readonly queue: string } & (
  | { readonly verb: 'list'; readonly selection: Selection }
  | { readonly verb: 'show'; readonly messageId: string }
  | { readonly verb: 'redrive' | 'delete'; readonly selection: Selection; readonly reason?: string }
);

const refuse = (problem: string): never => {
  throw new UsageError(`${problem}. See --help.`);
};

const selectionOf = (verb: string, { id, consumer, all }: Values): Selection => {
  const given = [
    ...(id === undefined ? [] : [{ messageId: id }]),
    ...(consumer === undefined ? [] : [{ consumer }]),
    ...(all ? [{ all: true as const }] : []),
  ];
  return given.length === 1 && given[0] ? given[0] : refuse(`${verb}: needs exactly one of --id, --consumer and --all`);
};

const showTask = (queue: string, messageId: string | undefined): Task => ({
  verb: 'show',
  queue,
  messageId: messageId ?? refuse('show: needs the ID of a message, as list prints it'),
});

const actTask = (verb: 'redrive' | 'delete', queue: string, values: Values): Task => {
  const selection = selectionOf(verb, values);
  const reason = values.reason?.trim();
  if (verb === 'delete' && !reason) refuse('delete: needs --reason, which goes into the audit file');
  if (verb === 'redrive' && queue !== deadLetterQueueName)
    refuse(
      `--queue ${queue}: holds what a relay could not publish, which has no queue to go back to; list, show or delete it`,
    );
  return { verb, queue, selection, ...(reason ? { reason } : {}) };
};

const extraWord = (verb: string, words: readonly string[]) => {
  const extra = words[verb === 'show' ? 2 : 1];
  if (extra !== undefined) refuse(`"${extra}": unexpected argument of ${verb}`);
};

/** Who works on events, by the names that dead letters note. */
export const consumers = [
  ...['inventory', 'inventory-catalog', 'inventory-return', 'notification', 'billing', 'order-saga', 'order-copy'],
  ...['order-payment', 'payment', 'catalog', 'return', 'alert', 'sys-pay-alert', 'live', 'archive', 'privacy', 'sales'],
];

/** Throws when --consumer names nobody. One that is not known counts once a message of it is there. */
export const checkConsumer = (selection: Selection, deadLetters: readonly Pick<DeadLetter, 'consumer'>[]): void => {
  if (!('consumer' in selection)) return;
  const known = new Set([...consumers, ...deadLetters.map(({ consumer }) => consumer)]);
  if (!known.has(selection.consumer))
    refuse(`--consumer "${selection.consumer}": no consumer has this name; there are ${[...known].join(', ')}`);
};

/** So many words are read that the last of them can be refused by name. */
export const maxWords = 3;

/** What a command line asks for; throws an error that names the wrong argument and the rule that it breaks. */
export const taskOf = (values: Values, words: readonly string[]): Task => {
  const [verb = 'list', messageId] = words;
  const known = Object.hasOwn(allowed, verb) ? allowed[verb] : undefined;
  if (known === undefined) return refuse(`"${verb}": unknown command; list, show, redrive and delete exist`);
  const wrong = Object.keys(values).find((name) => !known.includes(name));
  if (wrong !== undefined) refuse(`--${wrong}: ${verb} does not take it`);
  extraWord(verb, words);
  const queue = values.queue ?? deadLetterQueueName;
  if (!queue.endsWith('-dlq')) refuse(`--queue ${queue}: must be a dead-letter queue; its name ends in -dlq`);
  if (verb === 'show') return showTask(queue, messageId);
  if (verb === 'redrive' || verb === 'delete') return actTask(verb, queue, values);
  const { consumer } = values;
  return { verb: 'list', queue, selection: consumer === undefined ? { all: true } : { consumer } };
};

/** The same from raw arguments. */
export const readTask = (argv: readonly string[]): Task => {
  const { values, words } = readArguments(argv, options, { words: maxWords });
  return taskOf(values, words);
};
