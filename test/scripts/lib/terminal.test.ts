import { elapsed, terminal } from '../../../scripts/lib/terminal';

const written = (env: Record<string, string> = {}, isTTY = false) => {
  const texts: string[] = [];
  const write = (text: string) => texts.push(text);
  return { out: terminal({ write, isTTY }, env), text: () => texts.join('') };
};

describe('colours', () => {
  test('are written to a terminal', () => {
    const { out, text } = written({}, true);
    out.ok('done');
    expect(text()).toBe('\u001b[32m✓\u001b[39m done\n');
  });

  test.each([
    ['a pipe', {}, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true],
    ['a dumb terminal', { TERM: 'dumb' }, true],
  ])('are not written with %s', (_, env, isTTY) => {
    const { out, text } = written(env, isTTY);
    out.fail('broken');
    expect(text()).toBe('✗ broken\n');
  });
});

describe('a step', () => {
  test('answers with what its work answers with and says how long it took', async () => {
    const { out, text } = written();
    await expect(
      out.step('loading', async (report) => {
        report('2 of 4');
        return 7;
      }),
    ).resolves.toBe(7);
    expect(text()).toMatch(/^✓ loading: 2 of 4 \(\d+ ms\)\n$/);
  });

  test('says what is done when it has ended', async () => {
    const { out, text } = written();
    await out.step({ doing: 'placing ten orders', done: 'ten orders placed' }, async () => undefined);
    expect(text()).toMatch(/^✓ ten orders placed \(\d+ ms\)\n$/);
  });

  test('is marked as failed when its result is not what was waited for', async () => {
    const { out, text } = written();
    const done = (found: boolean) => (found ? 'the order is there' : undefined);
    await expect(out.step({ doing: 'looking for the order', done }, async () => false)).resolves.toBe(false);
    expect(text()).toMatch(/^✗ looking for the order \(\d+ ms\)\n$/);
  });

  test('is marked as failed and throws what its work throws', async () => {
    const { out, text } = written();
    await expect(out.step('loading', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(text()).toMatch(/^✗ loading \(\d+ ms\)\n$/);
  });
});

test.each([
  [850, '850 ms'],
  [3240, '3.2 s'],
  [59_960, '1 min 0 s'],
  [65_000, '1 min 5 s'],
])('%d milliseconds read as %s', (milliseconds, text) => {
  expect(elapsed(milliseconds)).toBe(text);
});

test.each([
  ['a terminal of 40 columns', {}, { isTTY: true, columns: 40 }, 3],
  ['COLUMNS=40', { COLUMNS: '40' }, {}, 3],
  ['a pipe', {}, {}, 1],
])('a table is as wide as %s allows', (_, env, place, lines) => {
  const texts: string[] = [];
  terminal({ write: (text: string) => texts.push(text), ...place }, env).table(
    [{ title: 'what' }],
    [['twenty characters or so, and then twenty more, and then twenty more']],
  );
  expect(texts.join('').trimEnd().split('\n')).toHaveLength(2 + lines - (lines === 1 ? 0 : 1));
});

describe('on a terminal of 40 columns', () => {
  const narrow = () => {
    const texts: string[] = [];
    const out = terminal({ write: (text: string) => texts.push(text) }, { COLUMNS: '40' });
    return { out, lines: () => texts.join('').trimEnd().split('\n') };
  };

  test('a long line after a mark goes on below its text', () => {
    const { out, lines } = narrow();
    out.ok('a guest and the staff of the shop work on this system');
    expect(lines()).toEqual(['✓ a guest and the staff of the shop work', '  on this system']);
  });

  test('an address stays whole', () => {
    const { out, lines } = narrow();
    out.warn('orders go to http://127.0.0.1:4566/_aws/execute-api/ordersystem/local');
    expect(lines()).toEqual(['! orders go to', '  http://127.0.0.1:4566/_aws/execute-api/ordersystem/local']);
  });

  test('titles and sentences are wrapped', () => {
    const { out, lines } = narrow();
    out.title('Step 1: the purchase (each webhook comes twice)');
    out.sentence('ORD-000001 is PENDING, its payment WAITING_PAYMENT');
    expect(lines()).toEqual([
      '',
      'Step 1: the purchase (each webhook comes',
      'twice)',
      'ORD-000001 is PENDING, its payment',
      'WAITING_PAYMENT',
    ]);
  });

  test('what a step has done is wrapped', async () => {
    const { out, lines } = narrow();
    await out.step('all are billed, mailed, and reserved', async (report) => report('10 of 10 orders'));
    expect(lines()[0]).toBe('✓ all are billed, mailed, and reserved:');
    expect(lines()[1]).toMatch(/^ {2}10 of 10 orders \(\d+ ms\)$/);
  });

  test('a line that may be a command is printed as it is', () => {
    const { out, lines } = narrow();
    out.line('  bash scripts/seed-data.sh --file restock.csv --tenant shop-a');
    expect(lines()).toEqual(['  bash scripts/seed-data.sh --file restock.csv --tenant shop-a']);
  });
});
