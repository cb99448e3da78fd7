import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { starterProducts } from '../../../../scripts/lib/seed/product';
import { parseProducts, readProductFile } from '../../../../scripts/lib/seed/product-file';

const header = 'productId,name,price,currency,stock';
const csv = (...rows: string[]) => parseProducts([header, ...rows].join('\n'), '.csv');
const json = (value: unknown) => parseProducts(JSON.stringify(value), '.json');
const mouse = { productId: 'P-1', name: 'マウス', price: 3000, currency: 'JPY', stock: 5 };

const problemsOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

test('S0-47 the seed document’s four products are the ones without a file', () => {
  expect(starterProducts.map(({ productId, name, price, stock }) => [productId, name, price, stock])).toEqual([
    ['PROD-001', 'ノートPC', 150_000, 10],
    ['PROD-002', 'ワイヤレスマウス', 3_000, 50],
    ['PROD-003', 'メカニカルキーボード', 12_000, 25],
    ['PROD-004', '人気商品（在庫切れ）', 5_000, 0],
  ]);
  expect(starterProducts.every(({ currency, taxRateBps }) => currency === 'JPY' && taxRateBps === 1000)).toBe(true);
});

describe('a CSV file', () => {
  test('may have a byte-order mark, Windows line ends, quoted commas, quotes, line breaks and columns in any order', () => {
    const text = '\ufeff"stock", name ,productId,currency,price,taxRate\r\n7,"マウス, ""黒""",P-1,USD,59.98,8\r\n\r\n';
    expect(parseProducts(text, '.csv')).toEqual([
      { productId: 'P-1', name: 'マウス, "黒"', price: 5998, currency: 'USD', stock: 7, taxRateBps: 800 },
    ]);
  });

  test('F-21 says nothing of what has no column or an empty cell', () => {
    const said = [{ productId: 'P-1', name: 'マウス', price: 3000, currency: 'JPY', stock: 5 }];
    expect(csv('P-1,マウス,3000,JPY,5')).toEqual(said);
    expect(parseProducts(`${header},taxRate,status,description\nP-1,マウス,3000,JPY,5,,,`, '.csv')).toEqual(said);
    expect(csv('P-1,マウス,3000,JPY,')[0]).not.toHaveProperty('stock');
    expect(parseProducts('productId,name,price,currency\nP-1,マウス,3000,JPY', '.csv')[0]).not.toHaveProperty('stock');
  });

  test('F-24 reads what Excel writes, as the API does', () => {
    const text =
      'Product ID;Name;Price;Currency;Stock;Status;;\r\nP-1;マウス;"¥3,000,000";JPY;"1,234";TRUE;;\r\n;;;;;;;\r\n';
    expect(parseProducts(text.replace('"1,234"', '1234'), '.csv')).toEqual([
      { productId: 'P-1', name: 'マウス', price: 3_000_000, currency: 'JPY', stock: 1234, status: true },
    ]);
    expect(csv('P-1,マウス,"3,000",JPY,"1,234"')[0]).toMatchObject({ price: 3000, stock: 1234 });
    expect(csv('P-1,マウス,3000,JPY')).toHaveLength(1);
  });

  test('F-22 refuses a tax rate that was meant as a fraction', () => {
    expect(problemsOf(() => parseProducts(`${header},taxRate\nP-1,マウス,3000,JPY,5,0.1`, '.csv'))).toContain(
      'row 1, column taxRate: is in percent: 10 means 10 %',
    );
  });

  test('F-25 refuses 20,000 columns in a bounded text', () => {
    const names = Array.from({ length: 20_000 }, (_, n) => `c${n}`).join();
    expect(problemsOf(() => parseProducts(names, '.csv'))).toBe(
      'the header has 20000 columns; the columns are productId, name, price, currency, taxRate, description, status, stock',
    );
  });

  test('categories are for the import of the API, which knows whether they exist', () => {
    expect(problemsOf(() => parseProducts(`${header},categories\nP-1,マウス,3000,JPY,5,mice`, '.csv'))).toBe(
      'column categories: seed-data.sh changes no categories: use POST /products/import for them',
    );
    expect(problemsOf(() => json([{ ...mouse, categories: ['mice'] }]))).toContain('row 1, column categories: ');
  });

  test.each([
    ['P-1,マウス,"3,00,0",JPY,5', 'row 1, column price'],
    ['P-1,マウス,3e3,JPY,5', 'row 1, column price'],
    ['P-1,マウス,0x10,JPY,5', 'row 1, column price'],
    ['P-1,マウス,,JPY,5', 'row 1, column price'],
    ['P-1,マウス,-1,JPY,5', 'row 1, column price'],
    ['P-1,マウス,30.5,JPY,5', 'row 1, column price: must have at most 0 decimals, as JPY has'],
    ['P-1,マウス,1000000000000,JPY,5', 'row 1, column price: must be at most 100000000000 minor units of JPY'],
    ['P-1,マウス,3000,XYZ,5', 'row 1, column currency: must be an ISO 4217 currency code such as JPY or USD'],
    ['P-1,マウス,3000,JPY,1.5', 'row 1, column stock'],
    ['P-1,マウス,3000,JPY,-1', 'row 1, column stock'],
    ['P 1,マウス,3000,JPY,5', 'row 1, column productId: must be letters, digits'],
    ['../P,マウス,3000,JPY,5', 'row 1, column productId'],
    ['P#1,マウス,3000,JPY,5', 'row 1, column productId'],
    ['P-1,"マウ\u0000ス",3000,JPY,5', 'row 1, column name: must not contain control characters'],
    ['P-1,"マウス\n黒",3000,JPY,5', 'row 1, column name: must be one line'],
    ['P-1,   ,3000,JPY,5', 'row 1, column name'],
  ])('refuses %j and names row, column and rule', (row, problem) => {
    expect(problemsOf(() => csv(row))).toContain(problem);
  });

  test('reports all that is wrong, in every row', () => {
    const problems = problemsOf(() => csv('P-1,マウス,x,JPY,5', 'P-2,キー,1,JPY,5', 'P-2,キー,1,JPY,y'));
    expect(problems).toContain('row 1, column price');
    expect(problems).toContain('row 3, column stock');
  });

  test('refuses a product that stands in it twice', () => {
    expect(problemsOf(() => csv('P-1,マウス,1,JPY,5', 'P-1,マウス,2,JPY,6'))).toContain(
      'row 2, column productId: P-1 is also in row 1',
    );
  });

  test.each([
    ['productId,name,price,stock', 'column currency is missing'],
    [`${header},colour`, 'unknown column "colour"'],
    [`${header},stock`, 'column stock is there twice'],
    [`${header},__proto__`, 'unknown column "__proto__"'],
  ])('refuses the header %s', (text, problem) => {
    expect(problemsOf(() => parseProducts(`${text}\nP-1,マウス,1,JPY,5,6`, '.csv'))).toContain(problem);
  });

  test.each([
    [
      'one cell too many',
      `${header}\nP-1,マウス,1,JPY,5,6`,
      /row 1, column F: "6" is in a column that the header does not name/,
    ],
    ['too few cells', `${header}\nP-1,マウス,1`, /row 1, column currency: is missing/],
    ['an open quote', `${header}\nP-1,"マウス,1,JPY,5`, /^not CSV: /],
  ])('refuses %s', (_, text, problem) => {
    expect(problemsOf(() => parseProducts(text, '.csv'))).toMatch(problem);
  });

  test.each([
    ['nothing at all', ''],
    ['its header alone', header],
  ])('refuses %s', (_, text) => {
    expect(problemsOf(() => parseProducts(text, '.csv'))).toContain('there is no row in it');
  });
});

describe('a JSON file', () => {
  test('gives a price in minor units', () => {
    expect(json([{ ...mouse, price: 59.98, currency: 'USD', taxRate: 8 }])).toEqual([
      { productId: 'P-1', name: 'マウス', price: 5998, currency: 'USD', stock: 5, taxRateBps: 800 },
    ]);
  });

  test('may have a byte-order mark', () => {
    expect(parseProducts(`\ufeff${JSON.stringify([mouse])}`, '.json')).toHaveLength(1);
  });

  test.each([
    [{ ...mouse, price: '3000' }, 'row 1, column price: must be a number'],
    [{ ...mouse, price: null }, 'row 1, column price'],
    [{ ...mouse, stock: 2 ** 53 }, 'row 1, column stock'],
    [{ ...mouse, discount: 1 }, 'row 1, column discount: unknown column'],
    [{ ...mouse, name: undefined }, 'row 1, column name'],
    [{ ...mouse, taxRate: 0.1 }, 'row 1, column taxRate: is in percent: 10 means 10 %'],
    [{ ...mouse, taxRate: 101 }, 'row 1, column taxRate'],
    [{ ...mouse, taxRate: 8.123 }, 'row 1, column taxRate: must have at most two decimals'],
    [null, 'row 1: must be an object'],
    ['P-1', 'row 1: must be an object'],
  ])('refuses the row %j and names row, column and rule', (row, problem) => {
    expect(problemsOf(() => json([row]))).toContain(problem);
  });

  test.each([
    ['{"productId":"P-1"}', 'the JSON must be an array of products'],
    ['null', 'the JSON must be an array of products'],
    ['[]', 'there is no row in it'],
    ['[1] x', 'not JSON: check the commas, quotation marks and brackets (line 1)'],
    ['[\n1\n] x', 'not JSON: check the commas, quotation marks and brackets (line 3)'],
    ['', 'not JSON: '],
  ])('refuses %s', (text, problem) => {
    expect(problemsOf(() => parseProducts(text, '.json'))).toContain(problem);
  });

  test('of a thousand wrong rows names twenty and says how many more there are', () => {
    const problems = problemsOf(() => json(Array.from({ length: 1000 }, () => 1)));
    expect(problems.split('\n')).toHaveLength(22);
    expect(problems).toContain('… and 980 more');
  });
});

describe('on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'products-'));
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a file is read by its extension, in whatever case', () => {
    expect(readProductFile(file('a.CSV', `${header}\nP-1,マウス,3000,JPY,5`))).toHaveLength(1);
    expect(readProductFile(file('a.json', JSON.stringify([mouse])))).toHaveLength(1);
  });

  test('a file of another kind is refused', () => {
    expect(problemsOf(() => readProductFile(file('a.xlsx', 'x')))).toContain(
      'a.xlsx": the name must end in .json or .csv',
    );
  });

  test('a file in Shift_JIS is refused with what to do about it', () => {
    const shiftJis = Buffer.concat([
      Buffer.from(`${header}\nP-1,`),
      Buffer.from([0x83, 0x7d, 0x83, 0x45]),
      Buffer.from(',1,JPY,5'),
    ]);
    expect(problemsOf(() => readProductFile(file('sjis.csv', shiftJis)))).toContain(
      'is not UTF-8: it looks like Shift_JIS; save it as "CSV UTF-8"',
    );
  });

  test.each(['none.csv', 'none'])('F-15 a file that is not there is named with the argument: %s', (name) => {
    const path = join(folder, name);
    expect(problemsOf(() => readProductFile(path))).toBe(`--file "${path}": there is no such file`);
  });

  test('F-15 a folder is no file', () => {
    expect(problemsOf(() => readProductFile(folder))).toBe(`--file "${folder}": cannot be read (EISDIR)`);
  });
});
