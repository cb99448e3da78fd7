import { fail, ok, print, printLongTable, printTable, sentence, title, warn } from '../terminal';
import { type DeadLetter, groupDeadLetters, type Selection } from './dead-letter';
import type { Outcome } from './dead-letter-actions';
import type { Route } from './dead-letter-route';

const maxText = 90;

/** `1 message`, `250 messages`. */
export const counted = (messages: number): string => `${messages} message${messages === 1 ? '' : 's'}`;

const short = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text);

const printSome = (...[columns, rows]: Parameters<typeof printTable>) =>
  printLongTable(columns, rows, ' (--json shows all)');

/** Says why nothing is selected of a queue that holds so many messages. */
export const nothingSelected = (selection: Selection, held: number): string => {
  if (held === 0 || !('consumer' in selection)) return 'this queue holds no message';
  return `no message of ${selection.consumer}; ${held} of others`;
};

/** The groups by consumer and error, and below them the messages themselves. */
export const showDeadLetters = (deadLetters: readonly DeadLetter[]): void => {
  title(`${counted(deadLetters.length)} by consumer and error`);
  printSome(
    [{ title: 'count', align: 'right' }, ...['consumer', 'event', 'error', 'newest'].map((name) => ({ title: name }))],
    groupDeadLetters(deadLetters).map(({ count, consumer, eventType, errorName, errorMessage, newest }) => [
      count,
      consumer,
      eventType,
      short(`${errorName}: ${errorMessage}`),
      newest,
    ]),
  );
  title('Messages, oldest first');
  printSome(
    ['ID', 'consumer', 'event ID', 'failed at'].map((name) => ({ title: name })),
    deadLetters.map(({ messageId, consumer, eventId = '-', failedAt }) => [
      messageId,
      consumer,
      short(eventId),
      failedAt,
    ]),
  );
  sentence('\n"show ID" shows one, "redrive" sends them back to their queues, "delete" removes them; see --help.');
};

const pretty = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
};

const printable = (text: string) => text.replace(/[^\P{Cc}\n]/gu, ' '); // a body must not steer the terminal

/** One message with its attributes and its body. */
export const showDeadLetter = ({ body, attributes, ...deadLetter }: DeadLetter): void => {
  title(`Message ${deadLetter.messageId}`);
  const { errorName, errorMessage, consumer, eventType, eventId = '-', failedAt, movedFrom } = deadLetter;
  printTable(
    [{ title: 'what' }, { title: 'value' }],
    [
      ...Object.entries({ consumer, eventType, eventId, errorName, errorMessage, failedAt }),
      ...Object.entries(movedFrom === undefined ? {} : { movedFrom }),
      ...Object.entries(attributes).map(([name, value]) => [`attribute ${name}`, value]),
    ],
  );
  title('Body');
  print(printable(pretty(body)));
};

/** What redrive or delete is about to do. */
export const showPlan = (
  verb: string,
  plan: readonly { readonly deadLetter: DeadLetter; readonly route?: Route }[],
): void => {
  if (plan.length === 0) return;
  title(`To ${verb}`);
  const goal = (route: Route) => ('problem' in route ? `stays: ${route.problem}` : route.to.join(', '));
  printSome(
    ['ID', 'consumer', 'event', 'error', ...(verb === 'redrive' ? ['goes to'] : [])].map((name) => ({ title: name })),
    plan.map(({ deadLetter, route }) => [
      deadLetter.messageId,
      deadLetter.consumer,
      deadLetter.eventType,
      short(deadLetter.errorMessage),
      ...(route === undefined ? [] : [goal(route)]),
    ]),
  );
};

const done = { redrive: 'redriven', delete: 'deleted' } as const;

/** What redrive or delete has come to. */
export const showOutcome = (
  { deeds, missing }: Outcome,
  { verb, dryRun }: { readonly verb: 'redrive' | 'delete'; readonly dryRun: boolean },
): void => {
  if (dryRun) {
    ok('nothing was done (--dry-run)');
    return;
  }
  for (const { deadLetter, problem } of deeds)
    if (problem !== undefined) fail(`${deadLetter.messageId} stays: ${problem}`);
  for (const messageId of missing) warn(`${messageId} was not there any more, or was not reached`);
  const count = deeds.filter(({ problem }) => problem === undefined).length;
  ok(`${counted(count)} ${done[verb]}`);
};
