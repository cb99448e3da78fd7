import stringWidth from 'string-width';
import { table } from '../../../scripts/lib/table';

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

  test('wraps long cells to the width there is, at blanks', () => {
    const columns = [{ title: 'ID' }, { title: 'what is wrong' }];
    expect(table(columns, [['A-1', 'the order was paid twice and nobody knows']], 36)).toBe(
      [
        '  ID   what is wrong',
        '  ───  ─────────────────────────────',
        '  A-1  the order was paid twice and',
        '       nobody knows',
        '',
      ].join('\n'),
    );
  });

  test('puts the last columns below the row where cells would become too narrow', () => {
    const columns = ['time', 'service', 'cause', 'details'].map((title) => ({ title }));
    const row = ['2026-11-21T13:31:24.476Z', 'order', '721162bb-13ca-4468-9d5e-2f2b6b4c7a10', 'status PENDING'];
    expect(table(columns, [row, ['2026-11-21T13:31:25.010Z', 'billing', '', 'bill opened']], 60)).toBe(
      [
        '  time                      service',
        '  ────────────────────────  ───────',
        '  2026-11-21T13:31:24.476Z  order',
        '      cause    721162bb-13ca-4468-9d5e-2f2b6b4c7a10',
        '      details  status PENDING',
        '  2026-11-21T13:31:25.010Z  billing',
        '      details  bill opened',
        '',
      ].join('\n'),
    );
  });

  test('puts a URL that would be broken below the row', () => {
    const columns = ['order', 'shop', 'page'].map((title) => ({ title }));
    expect(table(columns, [['ORD-000002', 'pay-shop', 'http://127.0.0.1:4570/pay/49d32e41-1ec8-47fd']], 60)).toBe(
      [
        '  order       shop',
        '  ──────────  ────────',
        '  ORD-000002  pay-shop',
        '      page  http://127.0.0.1:4570/pay/49d32e41-1ec8-47fd',
        '',
      ].join('\n'),
    );
  });

  test.each([80, 160])('has no line wider than %d columns, also of Japanese and of words without blanks', (width) => {
    const columns = ['商品', 'stock', 'note', 'address'].map((title) => ({ title }));
    const rows = [
      [
        'ワイヤレスマウス'.repeat(9),
        1,
        'a note of some length that says something',
        `https://example.com/${'x'.repeat(300)}`,
      ],
    ];
    const lines = table(columns, rows, width).split('\n');
    expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
  });
});
