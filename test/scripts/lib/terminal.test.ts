import { elapsed, table, terminal } from '../../../scripts/lib/terminal';

const written = (env: Record<string, string> = {}, isTTY = false) => {
  const texts: string[] = [];
  const write = (text: string) => texts.push(text);
  return { out: terminal({ write, isTTY }, env), text: () => texts.join('') };
};

describe('a table', () => {
  test('aligns full-width Japanese with half-width text', () => {
    const columns = [{ title: '商品' }, { title: 'stock', align: 'right' as const }];
    const rows = [
      ['ノートPC', 10],
      ['ワイヤレスマウス', 5],
    ];
    expect(table(columns, rows)).toBe(
      [
        '  商品              stock',
        '  ────────────────  ─────',
        '  ノートPC             10',
        '  ワイヤレスマウス      5',
        '',
      ].join('\n'),
    );
  });

  test('shows control characters of a cell as blanks, so that a message cannot steer the terminal', () => {
    expect(table([{ title: 'x' }], [['a\u001b[2Jb\nc']])).toBe('  x\n  ────────\n  a [2Jb c\n');
  });

  test('keeps its titles when it has no rows', () => {
    expect(table([{ title: 'ID' }, { title: 'error' }], [])).toBe('  ID  error\n  ──  ─────\n');
  });
});

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
      out.step('loading', async (tell) => {
        tell('2 of 4');
        return 7;
      }),
    ).resolves.toBe(7);
    expect(text()).toMatch(/^✓ loading: 2 of 4 \(\d+ ms\)\n$/);
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
