import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { found, read } from './documents';

const english = 'docs/guides/payments.md';
const japanese = 'docs/ja/payments.md';

const rows = (file: string): string[] => read(file).match(/^\|.*\|$/gm) ?? [];
const rowOf = (file: string, name: string): string => rows(file).find((row) => row.startsWith(`| ${name} |`)) ?? '';
/** The files that a row leads to, from the project's own folder. */
const linksOf = (file: string, row: string): string[] =>
  found(row, /\]\(([^)]+)\)/g).map((link) => join(dirname(file), link));

describe.each([english, japanese])('%s', (file) => {
  test.each([
    ['BFF (8080)', 'lib/api.ts'],
    ['account-service (8081)', 'lambda/payment/accounts/account.ts'],
    ['order-service (8082)', 'lambda/order'],
    ['storage-service (8083)', 'lambda/inventory'],
    ['payment-service (8084)', 'lambda/payment'],
    ['alert-service (8085)', 'lambda/alert'],
    ['es-service (8086)', 'lambda/catalog'],
  ])('S2-35 says where the demo’s %s is here', (service, path) => {
    expect(linksOf(file, rowOf(file, service))).toContain(path);
  });

  test.each([
    ['`OrderPaymentTransformer`', ['lambda/alert/payments/reconcile-payments.ts']],
    [
      '`AlertRaisedConsumer`, `AlertProcessService`',
      ['lambda/alert/history/alert-history.store.ts', 'lambda/alert/history/alert-history.ts'],
    ],
  ])('S2-27 says what %s is here', (component, paths) => {
    expect(linksOf(file, rowOf(file, component))).toEqual(paths);
  });
});

/** Each risk with the promise that its counter-measure keeps. */
const risks: [string, string][] = [
  ['A webhook is lost or late', 'S2-04'],
  ['A webhook comes again', 'S2-08'],
  ['A failure comes after the success', 'S2-07'],
  ['The saga breaks off midway', 'S2-14'],
  ['The session store fails', 'S2-34'],
  ['An answer of a provider is lost', 'P5'],
];

test.each(risks)('S2-49 %s: the counter-measure is in both languages, with a test that proves it', (risk, promise) => {
  const proofs = linksOf(english, rowOf(english, risk));
  expect(proofs).toHaveLength(1);
  expect(readFileSync(String(proofs[0]), 'utf8')).toContain(promise);
  expect(rows(japanese).filter((row) => linksOf(japanese, row).includes(String(proofs[0])))).not.toEqual([]);
});
