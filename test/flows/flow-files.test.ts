import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'test/*.ts'], { encoding: 'utf8' })
  .trim()
  .split('\n');
const flows = files.filter((file) => /\.(flow|serial)\.test\.ts$/.test(file));
const support = files.filter((file) => /^test\/support\/(flow|victim|attack)[\w-]*\.ts$/.test(file));

/** Flows write through the API. These write into a table, for a reason. */
const writers: Readonly<Record<string, string>> = {
  'test/flows/emulator.serial.test.ts': 'into a table of its own: what is tried is the local AWS',
  'test/flows/live.flow.test.ts':
    'a token that has expired, and a connection that died without a word, cannot be asked for',
  'test/flows/replay.flow.test.ts': 'a consumer that lost its rows is what a replay is for',
  'test/flows/stock.flow.test.ts': 'what somebody wrote by hand is what the audit is to find',
  'test/scripts/commands/migrate.serial.test.ts': 'no API of today stores what an earlier version stored',
  'test/scripts/local/start.flow.test.ts': 'into a table of a system of its own',
  'test/stores/stores.flow.test.ts': 'into copies of its own: stores are what is tried',
  'test/support/victim.ts': 'alerts that take hours to come about',
};

const writes =
  /\b(Put|PutItem|Update|UpdateItem|Delete|DeleteItem|BatchWrite|BatchWriteItem|TransactWrite|TransactWriteItems|ExecuteStatement|BatchExecuteStatement)Command\b[^;]*'@aws-sdk\/(lib|client)-dynamodb'|\.store'/;

test('flows write through the API, and not into tables of services; whoever does has a reason', () => {
  const found = [...flows, ...support].filter((file) => writes.test(readFileSync(file, 'utf8')));
  expect(found.sort()).toEqual(Object.keys(writers).sort());
});

/** What serial flows have that no other may use at the same time. */
const serial: Readonly<Record<string, string>> = {
  'test/flows/busy.serial.test.ts': 'keeps the machine busy, and kills workers of a function that all shops share',
  'test/flows/emulator.serial.test.ts': 'stops deliveries, and breaks a function',
  'test/flows/faults.serial.test.ts': 'points every function at a proxy that fails, and kills workers',
  'test/flows/isolation.serial.test.ts': 'gives tokens of the one user pool two seconds for a moment',
  'test/flows/services-that-fail.serial.test.ts': 'tells functions that all shops share wrong names',
  'test/flows/storefront.serial.test.ts': 'deploys and removes a subscriber of the one topic',
  'test/scripts/commands/migrate.serial.test.ts': 'goes through all tables, the archive and the dead-letter queues',
  'test/scripts/scripts.serial.test.ts':
    'counts the orders of the default tenant, and what is in the dead-letter queue',
};

test('a flow that runs alone has a reason', () => {
  expect(flows.filter((file) => file.endsWith('.serial.test.ts')).sort()).toEqual(Object.keys(serial).sort());
});

test.each([
  ['a function', /\b(setDelivery|withVariable|pointFunction(s)?At|UpdateFunctionConfigurationCommand)\b/],
  ['the user pool', /\b(CreateUserPoolClient|UpdateUserPoolClient)Command\b|support\/attackers'/],
  ['a worker', /\bworkers(Of)?\b|whileBusy/],
  ['what every payment plays', /play\(\{(?![^}]*\b(tenant|orderId)\b)/],
])('no flow that runs beside others changes %s', (_, change) => {
  const beside = flows.filter((file) => file.endsWith('.flow.test.ts'));
  expect(beside.length).toBeGreaterThan(15);
  expect(beside.filter((file) => change.test(readFileSync(file, 'utf8')))).toEqual([]);
});
