import { spawnSync } from 'node:child_process';
import type { Mutant } from './mutants';
import { foldersOf, lineOf, newSurvivors, scoreOf, type Tried } from './report';

const tried = (file: string, line: number, end: Tried['end'], what = 'StringLiteral: \'A\' → ""'): Tried => {
  const mutant: Mutant = { id: '1', file, line, what };
  return { mutant, end };
};

test('the score is what is killed of a hundred mutants; one that no test reaches lives', () => {
  const folders = foldersOf([
    tried('lambda/order/domain/order.ts', 1, 'killed'),
    tried('lambda/order/domain/order.ts', 2, 'survived'),
    tried('lambda/order/order-row.ts', 3, 'not reached'),
  ]);
  expect(folders).toEqual({ 'order/domain': { mutants: 2, killed: 1 }, order: { mutants: 1, killed: 0 } });
  expect(scoreOf(folders)).toBe(33.3);
});

test('a survivor is known by its file and by what was changed, wherever it stands', () => {
  const known = [
    'lambda/order/domain/order.ts:27: StringLiteral: \'A\' → ""',
    'lambda/order/order-row.ts:3: BooleanLiteral: true → false (no test reaches it)',
  ];
  const moved = tried('lambda/order/domain/order.ts', 31, 'survived');
  const reached = tried('lambda/order/order-row.ts', 3, 'survived', 'BooleanLiteral: true → false');
  const elsewhere = tried('lambda/order/domain/order-event.ts', 27, 'survived');
  const killed = tried('lambda/order/domain/order-event.ts', 28, 'killed');
  expect(newSurvivors([moved, reached, elsewhere, killed], known).map(lineOf)).toEqual([
    'lambda/order/domain/order-event.ts:27: StringLiteral: \'A\' → ""',
  ]);
});

const mutate = (...args: string[]) => {
  const command = ['node_modules/tsx/dist/cli.mjs', 'test/mutation/run.ts', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('mutants of a real file are made, and its tests kill them; nothing is written of half a folder', () => {
  const { status, stdout } = mutate('--only', 'billing/bill-orders', '--jobs', '1');
  expect(stdout).toMatch(/^ {2}billing +\d+ +[1-9]\d* +\d+/m);
  expect(stdout).toContain('Nothing is written: no folder was tried whole');
  expect(status).toBe(0);
});

test.each([
  ['--slice', '5/4', 'must be a part of parts'],
  ['--only', 'nowhere', 'no file that decides'],
  ['--minutes', '0', 'must be a whole number'],
])('%s %s is refused with its reason', (option, value, reason) => {
  expect(mutate(option, value)).toMatchObject({ status: 2, stderr: expect.stringContaining(reason) });
});
