/** Cells that mean nothing certain, or nothing that can be: the column and what is in it. */
export const wrongCells: readonly (readonly [column: string, text: string])[] = [
  ...[
    '1.5E+05',
    '2026/11/21',
    '21-Nov',
    '#N/A',
    '#REF!',
    '1.000',
    '$5',
    '€5',
    '-1',
    'abc',
    '1,2,3',
    '1 0 0 0 0',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
  ].map((text) => ['price', text] as const),
  ...['10.5', '99999999999999', '٣', '100%', '=A1', '1/2', '', ' '].map((text) => ['price', text] as const),
  ...['4.91E+12', '', 'a b', 'x#y', '../x', 'あ', 'x'.repeat(65), '#SETTINGS', "'"].map(
    (text) => ['productId', text] as const,
  ),
  ...['', ' ', 'x'.repeat(201), '\u0007', '\u202ex'].map((text) => ['name', text] as const),
  ...['ZZZ', 'yen', '円', '', 'USDX', 'JP'].map((text) => ['currency', text] as const),
  ...['0.1', '0.08', '150', '-8', 'ten', '8..0', '#VALUE!'].map((text) => ['taxRate', text] as const),
  ...['yes', 'x', '2', 'on sale', '#N/A', '-1'].map((text) => ['status', text] as const),
];
