import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../../scripts/lib/command';
import { nothingSelected } from '../../../../scripts/lib/dead-letters/dead-letter-view';
import { checkConsumer, consumers, readTask } from '../../../../scripts/lib/dead-letters/manage-dlq-arguments';

const queue = 'order-processing-dlq';

test.each([
  ['', { verb: 'list', queue, selection: { all: true } }],
  ['list --consumer billing --json', { verb: 'list', queue, selection: { consumer: 'billing' } }],
  ['list --queue order-relay-dlq', { verb: 'list', queue: 'order-relay-dlq', selection: { all: true } }],
  ['show m-1', { verb: 'show', queue, messageId: 'm-1' }],
  ['redrive --id m-1', { verb: 'redrive', queue, selection: { messageId: 'm-1' } }],
  ['redrive --all --dry-run --yes', { verb: 'redrive', queue, selection: { all: true } }],
  [
    'delete --consumer billing --reason bug',
    { verb: 'delete', queue, selection: { consumer: 'billing' }, reason: 'bug' },
  ],
])('"%s" is understood', (line, task) => {
  expect(readTask(line.split(' ').filter(Boolean))).toEqual(task);
});

test.each([
  ['purge', '"purge": unknown command; list, show, redrive and delete exist'],
  ['toString', '"toString": unknown command; list, show, redrive and delete exist'],
  ['show', 'show: needs the ID of a message, as list prints it'],
  ['show a b', '"b": unexpected argument of show'],
  ['list a', '"a": unexpected argument of list'],
  ['list --all', '--all: list does not take it'],
  ['show a --reason x', '--reason: show does not take it'],
  ['redrive', 'redrive: needs exactly one of --id, --consumer and --all'],
  ['redrive --id a --all', 'redrive: needs exactly one of --id, --consumer and --all'],
  ['delete --reason x', 'delete: needs exactly one of --id, --consumer and --all'],
  ['delete --all', 'delete: needs --reason, which goes into the audit file'],
  ['redrive --all --queue order-relay-dlq', '--queue order-relay-dlq: holds what a relay could not publish'],
  ['list --queue inventory-queue', '--queue inventory-queue: must be a dead-letter queue; its name ends in -dlq'],
  ['list --force', '--force: unknown option'],
])('"%s" is refused with the argument and the rule', (line, message) => {
  const read = () => readTask(line.split(' '));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test('a reason of blanks is none', () => {
  expect(() => readTask(['delete', '--all', '--reason', '  '])).toThrow('delete: needs --reason');
});

describe('F-15 a consumer', () => {
  test('is one of those that the handlers call themselves', () => {
    const handlers = readdirSync('lambda', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.handler.ts'))
      .map((path) => readFileSync(join('lambda', path), 'utf8'));
    const named = handlers.flatMap((text) => /^ +consumer: '(.+)',$/m.exec(text)?.[1] ?? []);
    expect([...consumers].sort()).toEqual(named.sort());
  });

  test('that there is not is refused with those there are', () => {
    const check = () => checkConsumer({ consumer: 'biling' }, [{ consumer: 'dev-billing-queue' }]);
    expect(check).toThrow(UsageError);
    expect(check).toThrow(
      /^--consumer "biling": no consumer has this name; there are inventory, .*, sales, dev-billing-queue\. See --help\.$/,
    );
  });

  test.each([{ consumer: 'billing' }, { consumer: '-' }, { all: true }, { messageId: 'm-1' }] as const)(
    '%j is taken',
    (selection) => expect(() => checkConsumer(selection, [{ consumer: '-' }])).not.toThrow(),
  );

  test.each([
    [{ consumer: 'billing' }, 4, 'no message of billing; 4 of others'],
    [{ consumer: 'billing' }, 0, 'this queue holds no message'],
    [{ all: true }, 0, 'this queue holds no message'],
  ] as const)('%j of %d messages that has none is told so', (selection, held, words) =>
    expect(nothingSelected(selection, held)).toBe(words),
  );
});
