import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { settingNames } from '../../lib/settings';
import { contextFlags, options } from '../../scripts/aws/arguments';
import { found, read, section } from './documents';

const file = 'docs/deploy.md';
const text = read(file);
const configuration = read('docs/guides/configuration.md');
const rows = section(configuration, 'Every context value')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
const documented = rows.map(([, name = '']) => name);

/** What the types `Given…` of lib read of the context. */
const givenKeys = readdirSync('lib')
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => [
    ...read(join('lib', name)).matchAll(
      /^(?:export )?type Given\w+ =[\s\S]*?^\s*\}|^export type Given\w+ = \{.*\};$/gm,
    ),
  ])
  .flatMap(([declaration]) => found(declaration, /readonly (\w+)\??:/g))
  .filter((name) => name !== 'publicEndpoint'); // of the environment

/** What the apps take of the context by themselves. */
const appKeys = readdirSync('bin').flatMap((name) =>
  found(read(join('bin', name)), /(?:context|tryGetContext)\('(\w+)'\)/g),
);

describe(file, () => {
  test('has every context value that the apps know, and none but those', () => {
    const known = [...new Set([...givenKeys, ...appKeys])];
    expect(givenKeys).toEqual(expect.arrayContaining(['stage', 'auth', 'stripeUrl']));
    expect(known.filter((name) => !documented.includes(name))).toEqual([]);
    expect(documented.filter((name) => !known.includes(name))).toEqual([]);
    expect([...settingNames]).toEqual(documented);
  });

  test('names the flag of each', () => {
    const flags = Object.fromEntries(Object.entries(contextFlags).map(([flag, name]) => [name, `--${flag}`]));
    for (const [, name = '', flag] of rows) expect([name, flag]).toEqual([name, flags[name] ?? flag]);
    expect(found(text + configuration, /`--([\w-]+)/g).filter((flag) => !(flag in options))).toEqual([]);
  });

  test('the headings that the deployment names are there', () => {
    const named = ['scripts/aws/stack-findings.ts', 'scripts/aws/addresses.ts', 'scripts/aws/carry-out.ts']
      .map(read)
      .join();
    const anchors = [...named.matchAll(/docs\/(deploy|operations\/runbook)\.md#([\w-]+)/g)];
    expect(anchors.length).toBeGreaterThan(2);
    for (const [, page, anchor] of anchors) {
      const headings = found(read(`docs/${page}.md`), /^#+ (.+)$/gm).map((one) =>
        one.toLowerCase().replaceAll(' ', '-'),
      );
      expect(headings).toContain(anchor);
    }
  });

  test('has the steps in their order', () => {
    expect([...section(text, 'Step by step').matchAll(/^### (.+)$/gm)].map(([, step]) => step)).toEqual([
      'Credentials and region',
      'Sender',
      'First deployment',
      'Alarms',
      'Payment providers',
      'First platform admin',
      'DNS and CORS',
      'Does it work?',
    ]);
  });
});
