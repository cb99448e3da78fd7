import { readdirSync, readFileSync } from 'node:fs';
import type * as Command from '../../../scripts/lib/command';

/** Types a command in this process: what it prints, and the code that it ends with. */
const type = async (name: string, args: readonly string[] = []) => {
  const said = { out: '', err: '' };
  const hear = (stream: 'stdout' | 'stderr', as: 'out' | 'err') =>
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[as] += text;
      return true;
    });
  const spies = [hear('stdout', 'out'), hear('stderr', 'err')];
  const argv = process.argv;
  process.argv = ['node', name, ...args];
  try {
    await jest.isolateModulesAsync(async () => {
      let ended: Promise<void> | undefined;
      jest.doMock('../../../scripts/lib/command', () => {
        const actual = jest.requireActual<typeof Command>('../../../scripts/lib/command');
        const command: typeof Command.command = (...given) => {
          ended = actual.command(...given);
          return ended;
        };
        return { ...actual, command };
      });
      await import(`../../../scripts/commands/${name}`);
      await ended;
    });
    return { code: process.exitCode ?? 0, ...said };
  } finally {
    process.argv = argv;
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
};

/** The same where no system answers. */
const nowhere = async (name: string, args: readonly string[] = []) => {
  const before = { ...process.env };
  Object.assign(process.env, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', SYSTEM_OUTPUTS: '' });
  try {
    return await type(name, args);
  } finally {
    process.env = before;
  }
};

const names = readdirSync('scripts')
  .filter((file) => file.endsWith('.sh') && file !== 'run.sh')
  .map((file) => file.replace('.sh', ''));

test('there are the scripts of the seed document', () => {
  expect(names).toEqual(
    expect.arrayContaining([
      ...[
        'check-resources',
        'manage-dlq',
        'seed-data',
        'test-error-scenarios',
        'test-order-api',
        'test-order-lifecycle',
      ],
      ...['test-parallel-processing', 'test-saga', 'test-summary', 'verify-phase3'],
    ]),
  );
});

describe.each(names)('%s.sh', (name) => {
  test('runs the command of its name', () => {
    expect(readFileSync(`scripts/${name}.sh`, 'utf8')).toBe(
      `#!/usr/bin/env bash\nexec bash "$(dirname "\${BASH_SOURCE[0]}")/run.sh" ${name} "$@"\n`,
    );
  });

  test('explains itself', async () => {
    const { code, out } = await type(name, ['--help']);
    expect(out.split('\n')[0]).toContain(`bash scripts/${name}.sh`);
    expect(code).toBe(0);
  });

  test('refuses an unknown argument with its name and 2', async () => {
    const { code, err } = await type(name, ['--frobnicate']);
    expect(err).toContain('--frobnicate: unknown option');
    expect(code).toBe(2);
  });

  test('says to run npm start where no system answers', async () => {
    const { code, err } = await nowhere(name);
    expect(err).toContain('Nothing answers at http://127.0.0.1:9. Run "npm start" first.');
    expect(code).toBe(1);
  });
});

test.each([
  ['seed-data', ['--tenant', 'Shop A'], '--tenant "Shop A": must be lower-case letters'],
  ['seed-data', ['--storefront-key', 'k'], '--storefront-key: needs --tenant'],
  ['seed-data', ['--tenant', 'a', '--storefront-key', 'ü'], '--storefront-key "ü": must be letters'],
  ['test-saga', ['--scenario', 'luck'], '--scenario "luck": must be all, paid, failed'],
  ['test-saga', ['--method', 'cash'], '--method "cash": must be paypay or credit_card'],
  ['token', ['--role', 'staff', '--storefront-key', 'x'], '--storefront-key: goes with --aws. See --help.'],
  ['timeline', [], 'ORDER is missing: an order such as ORD-000001. See --help.'],
  ['timeline', ['x'.repeat(2000)], `"${'x'.repeat(80)}…": an order such as ORD-000001. See --help.`],
  ['timeline', ['ORD-1'], 'an order such as ORD-000001'],
  ['replay', [], 'say which events: --order, or --from and perhaps --to'],
  ['replay', ['--from', '2026-02-30'], '--from "2026-02-30": a day such as'],
  ['replay', ['--order', 'ORD-000001', '--consumer'], '--consumer: needs a value'],
  ['deploy', ['--stage', 'dev', '--region', '日本'], '--region "日本": is not a region'],
  ['migrate', ['--service', 'billing'], '--service "billing": must be one of order, return, notification, identity'],
  ['audit', [], 'say exactly one of --order, --product and --actor'],
] as const)('%s %j ends with 2 and says why', async (name, args, message) => {
  const { code, err } = await type(name, args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test.each([
  ['en', 'no local AWS answers at AWS_ENDPOINT_URL=http://127.0.0.1:9'],
  ['ja', 'AWS_ENDPOINT_URL=http://127.0.0.1:9 ではローカル AWS が応答しません'],
])('npm run status ends with 1 and names the address where nothing answers (%s)', async (lang, message) => {
  const { code, out } = await nowhere('../local/status', ['--lang', lang]);
  expect([code, out]).toEqual([1, expect.stringContaining(message)]);
});
