import { readProductFile } from '../../lambda/contracts/files/product-file';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { openCatalog } from './shop';

const headers = { 'content-type': 'text/csv' };
const header = 'productId,name,price,currency,taxRate,description,categories,status';

const opened = async () => {
  const catalog = openCatalog();
  for (const categoryId of ['sport', 'sale'])
    await catalog.ask('createCategory', { body: { categoryId, name: categoryId } });
  const load = (body: string | Uint8Array, type = 'text/csv') =>
    catalog.ask('importProducts', { body, headers: { 'content-type': type } });
  const read = (productId: string) => catalog.deps.products.get({ tenant: defaultTenant, productId });
  return { ...catalog, load, read };
};

const shiftJis = Buffer.concat([
  Buffer.from('productId,name,price,currency\nPROD-002,'),
  Buffer.from([0x83, 0x7d, 0x83, 0x45, 0x83, 0x58]),
  Buffer.from(',1,JPY\n'),
]);

describe('F-20 the encoding of a file', () => {
  test.each([
    ['its bytes', shiftJis, 'it is not UTF-8: it looks like Shift_JIS. Save it in Excel as "CSV UTF-8"'],
    ['what became of them on their way', shiftJis.toString('utf8'), 'it has U+FFFD in line 2'],
  ])('Shift_JIS is refused by %s, and good names stay', async (_what, body, detail) => {
    const { load, read, put } = await opened();
    await put({ name: 'ワイヤレスマウス' });
    const { status, body: problem } = await load(body);
    expect([status, problem.title]).toEqual([400, 'ValidationFailed']);
    expect(problem.errors[0].detail).toContain(detail);
    expect(await read('PROD-002')).toMatchObject({ name: 'ワイヤレスマウス', version: 1 });
  });

  test.each([
    'text/csv; charset=shift_jis',
    'text/csv;header=present; charset="Windows-31J"',
    'Text/CSV; charset=SJIS',
  ])('Shift_JIS is read as %s', async (type) => {
    const { load, read } = await opened();
    expect((await load(shiftJis, type)).body).toMatchObject({ created: 1 });
    expect(await read('PROD-002')).toMatchObject({ name: 'マウス' });
  });

  test('UTF-16 with tabs, which Excel calls Unicode text, is read by its mark', async () => {
    const { load, read } = await opened();
    const text = 'productId\tname\tprice\tcurrency\r\nX1\tノート\t"1,000"\tJPY\r\n';
    expect((await load(Buffer.from(`\ufeff${text}`, 'utf16le'))).body).toMatchObject({ created: 1 });
    expect(await read('X1')).toMatchObject({ name: 'ノート', price: 1000 });
  });

  test('a workbook is refused by what it is', async () => {
    const { load } = await opened();
    const { body } = await load(Buffer.from('PK\u0003\u0004rest'));
    expect(body.errors[0].detail).toContain('it is no text but an Excel workbook (.xlsx)');
  });
});

describe('F-21 what a file does not mention', () => {
  test('stays as it is: tax rate, sale, description, categories and other products', async () => {
    const { load, read, put } = await opened();
    await put({
      taxRateBps: 800,
      status: false,
      offSaleBy: 'staff',
      description: 'old',
      rating: 4,
      categories: ['sport'],
    });
    await put({ productId: 'OTHER', name: 'untouched' });
    const short = 'productId,name,price,currency\nPROD-002,Maus,2500,JPY';
    expect((await load(short)).body).toMatchObject({ updated: 1 });
    const kept = {
      taxRateBps: 800,
      status: false,
      offSaleBy: 'staff',
      description: 'old',
      rating: 4,
      categories: ['sport'],
    };
    expect(await read('PROD-002')).toMatchObject({ name: 'Maus', price: 2500, ...kept });
    expect((await load(`${header}\nPROD-002,Ratte,2500,JPY,,,,`)).body).toMatchObject({ updated: 1 });
    expect(await read('PROD-002')).toMatchObject({ name: 'Ratte', ...kept });
    expect(await read('OTHER')).toMatchObject({ name: 'untouched', version: 1 });
  });

  test('a new product has the rate of its shop', async () => {
    const { ask, deps } = await opened();
    const selling = { currency: 'JPY', standardTaxBps: 800, reducedTaxBps: 500 };
    const caller = { tenant: defaultTenant, userId: 'u', roles: ['staff'], selling };
    await ask('importProducts', { body: 'productId,name,price,currency\nNEW,N,1,JPY', headers, caller });
    expect(await deps.products.get({ tenant: defaultTenant, productId: 'NEW' })).toMatchObject({
      taxRateBps: 800,
      status: true,
    });
  });

  test('a change of a product resets nothing that it does not name', async () => {
    const { ask, read, put } = await opened();
    await put({
      taxRateBps: 800,
      status: false,
      offSaleBy: 'staff',
      description: 'old',
      rating: 4,
      categories: ['sport'],
    });
    await ask('updateProduct', { path: { productId: 'PROD-002' }, body: { name: 'Maus' } });
    expect(await read('PROD-002')).toMatchObject({
      name: 'Maus',
      ...{ taxRateBps: 800, status: false, offSaleBy: 'staff', description: 'old', rating: 4, categories: ['sport'] },
    });
  });
});

describe('F-22 a rate that was meant as a fraction', () => {
  const product = { productId: 'P', name: 'N', price: 1000 };

  test.each([0.1, 0.08, 0.5, 0.99])('%p is refused: rates are in percent', async (taxRate) => {
    const { ask, load, put } = await opened();
    await put({});
    const refused = { pointer: '/taxRate', detail: 'is in percent: 10 means 10 %' };
    const answers = [
      await ask('createProduct', { body: { ...product, taxRate } }),
      await ask('updateProduct', { path: { productId: 'PROD-002' }, body: { taxRate } }),
    ];
    for (const { status, body } of answers) expect([status, body.errors[0]]).toEqual([400, refused]);
    const { status, body } = await load(`${header}\nP,N,1,JPY,${taxRate},,,`);
    expect([status, body.errors[0]]).toEqual([400, { ...refused, pointer: '/rows/1/taxRate' }]);
  });

  test.each([
    ['0', 0],
    ['1', 100],
    ['10%', 1000],
    ['１０％', 1000],
    ['8.25', 825],
    ['reduced', 800],
    ['Standard', 1000],
  ])('%s is a rate', async (taxRate, taxRateBps) => {
    const { load, read } = await opened();
    await load(`${header}\nP,N,1,JPY,${taxRate},,,`);
    expect(await read('P')).toMatchObject({ taxRateBps });
  });
});

describe('F-24 what Excel writes', () => {
  test.each([
    ['TRUE', true],
    ['True', true],
    ['1', true],
    ['WAHR', true],
    ['FALSE', false],
    ['false', false],
    ['0', false],
    ['FAUX', false],
  ])('%s is a status', async (cell, status) => {
    const { load, read } = await opened();
    expect((await load(`${header}\nP,N,1,JPY,,,,${cell}`)).status).toBe(200);
    expect(await read('P')).toMatchObject({ status });
  });

  const lines = ['productId,name,price,currency', 'A,Name,1,JPY', 'B,Name,2,JPY'];
  test.each([
    ['carriage returns', lines.join('\r')],
    ['both kinds of line ends', `${lines[0]}\r\n${lines[1]}\n${lines[2]}\r\n`],
    ['rows of only commas', `${lines[0]}\n,,,\n${lines[1]}\n,,,\n${lines[2]}\n,,,\n,,,\n`],
    ['empty lines, also before the header', `\n\n${lines.join('\n\n')}\n\n`],
    ['empty columns at the right', lines.map((line) => `${line},,,`).join('\n')],
    ['16,384 columns, nearly all empty', lines.map((line) => line + ','.repeat(16_380)).join('\n')],
    ['semicolons', lines.join('\n').replaceAll(',', ';')],
    ['semicolons that it announces', `sep=;\r\n${lines.join('\r\n').replaceAll(',', ';')}`],
    ['commas that it announces', `sep=,\r\n${lines.join('\r\n')}`],
    ['tabs', lines.join('\n').replaceAll(',', '\t')],
    ['quotation marks around all', lines.map((line) => `"${line.replaceAll(',', '","')}"`).join('\n')],
    [
      'names of columns in other letters',
      lines.join('\n').replace('productId', 'Product ID').replace('price', 'PRICE'),
    ],
    ['a column without a name and values', lines.map((line) => line.replace(',', ',,')).join('\n')],
    ['blanks around cells', lines.map((line) => line.replaceAll(',', ' , ')).join('\n')],
  ])('a file with %s is read', async (_what, text) => {
    const { load, read } = await opened();
    expect((await load(text)).body).toEqual({
      dryRun: false,
      rows: 2,
      created: 2,
      updated: 0,
      unchanged: 0,
      errors: [],
    });
    expect(await read('B')).toMatchObject({ name: 'Name', price: 2 });
  });

  test('a description may have tabs, blank lines and any line ends', async () => {
    const { load, read } = await opened();
    await load(`${header}\r\nP,N,1,JPY,,"Size:\t10 cm\r\n   \r\n\r\nLight\rand fast  ",,\r\n`);
    expect(await read('P')).toMatchObject({ description: 'Size: 10 cm\n\n\nLight\nand fast' });
  });

  test('a row that ends early says nothing of the rest', async () => {
    const { load } = await opened();
    expect((await load(`${header}\nP,N,1,JPY`)).body).toMatchObject({ created: 1 });
  });

  test.each([
    ['"1,000"', 'JPY', 1000],
    ['１０００', 'JPY', 1000],
    ['"１，０００"', 'JPY', 1000],
    ['"¥1,000"', 'JPY', 1000],
    ['"\\1,000"', 'JPY', 1000], // a yen sign in Shift_JIS
    ['\\1000', 'KRW', 1000], // a won sign in EUC-KR
    ['"￥1,000"', 'JPY', 1000],
    ['"1,000円"', 'JPY', 1000],
    ['"1,234,567"', 'JPY', 1234567],
    ['"$1,234.50"', 'USD', 123450],
    ['"59,98"', 'EUR', 5998],
    ['"1.234,50 €"', 'EUR', 123450],
    ["1'234.50", 'CHF', 123450],
    ['1\u00a0234.50', 'EUR', 123450],
    ['" 1000 "', 'jpy', 1000],
  ])('the price %s in %s is plain', async (cell, currency, price) => {
    const { load, read } = await opened();
    expect((await load(`${header}\nP,N,${cell},${currency},,,,`)).body).toMatchObject({ created: 1 });
    expect(await read('P')).toMatchObject({ price, currency: currency.toUpperCase() });
  });

  test.each([
    [
      'P,N,1.5E+05,JPY,,,,',
      'price',
      '"1.5E+05" is in scientific notation: format the column as a number with all digits',
    ],
    ['P,N,2026/11/30,JPY,,,,', 'price', '"2026/11/30" is a date: format the column as a number'],
    ['P,N,30-Nov,JPY,,,,', 'price', '"30-Nov" is a date: format the column as a number'],
    ['P,N,free,JPY,,,,', 'price', '"free" is not a number: write digits, such as 1000 or 59.98'],
    ['P,N,"1,00,0",JPY,,,,', 'price', '"1,00,0" is not a number: write digits, such as 1000 or 59.98'],
    ['P,N,(100),JPY,,,,', 'price', '"(100)" is not a number: write digits, such as 1000 or 59.98'],
    ['P,N,-1,JPY,,,,', 'price', 'must be at least 0'],
    ['P,N,$1,JPY,,,,', 'price', '"$1" is not in JPY, the row\'s currency'],
    ['P,N,1,JPY,,,,maybe', 'status', '"maybe" is neither true nor false: write TRUE or FALSE'],
    ['P,N,1,JPY,101,,,', 'taxRate', 'must be at most 100'],
    ['4.91E+12,N,1,JPY,,,,', 'productId', /^"4.91E\+12" is a code that a spreadsheet has shortened/],
    ['2026/11/30,N,1,JPY,,,,', 'productId', /^"2026\/11\/30" looks like a date/],
    ['1-Mar,N,1,JPY,,,,', 'productId', /^"1-Mar" looks like a date/],
    ['P,#N/A,1,JPY,,,,', 'name', '"#N/A" is a spreadsheet error: correct the cell and save again'],
    ['P,N,####,JPY,,,,', 'price', '"####" is a spreadsheet error: correct the cell and save again'],
    ['P,"two\nlines",1,JPY,,,,', 'name', 'must be one line: remove the line break or tab from the cell'],
    ['P,,1,JPY,,,,', 'name', 'is missing'],
    ['P,N,1,JPY,,,,TRUE,more', 'I', /^"more" is in a column that the header does not name/],
    [`P,${'n'.repeat(201)},1,JPY,,,,`, 'name', 'must have at most 200 characters'],
  ])('%s is refused, naming the column and what to do', async (row, column, detail) => {
    const { load } = await opened();
    const { status, body } = await load(`${header}\nOK,N,1,JPY,,,,\n${row}`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: `/rows/2/${column}`, detail: typeof detail === 'string' ? detail : expect.stringMatching(detail) },
    ]);
  });

  const between = (delimiter: string, price: string, currency: string) =>
    `productId${delimiter}name${delimiter}price${delimiter}currency\nP${delimiter}N${delimiter}${price}${delimiter}${currency}`;

  test.each([
    [';', '1.000', 'JPY', '"1.000" may be 1 or 1000: write it as one of these'],
    [';', '1,000', 'JPY', '"1,000" may be 1 or 1000: write it as one of these'],
    [';', '1.000', 'EUR', '"1.000" may be 1 or 1000: write it as one of these'],
    [';', '1.500 €', 'EUR', '"1.500" may be 1.5 or 1500: write it as one of these'],
    ['\t', '1.000', 'EUR', '"1.000" may be 1 or 1000: write it as one of these'],
    ['\t', '1.000', 'JPY', '"1.000" may be 1 or 1000: write it as one of these'],
    ['\t', '1,000', 'EUR', '"1,000" may be 1 or 1000: write it as one of these'],
    ['\t', '1,250', 'KWD', '"1,250" may be 1.25 or 1250: write it as one of these'],
    ['\t', '999.999', 'KWD', '"999.999" may be 999.999 or 999999: write it as one of these'],
    [',', '1.000', 'EUR', '"1.000" may be 1 or 1000: write it as one of these'],
    [',', '59.980', 'USD', '"59.980" may be 59.98 or 59980: write it as one of these'],
    [',', '1.000', 'JPY', '"1.000" may be 1 or 1000: write it as one of these'],
    [',', '"7,302"', 'KWD', '"7,302" may be 7.302 or 7302: write it as one of these'], // Google Sheets, where a comma is the decimal mark
    [',', '１．０００', 'EUR', '"1.000" may be 1 or 1000: write it as one of these'],
    [';', '+1.000\u00a0', 'EUR', '"+1.000" may be 1 or 1000: write it as one of these'],
    ['|', '1.000', 'EUR', '"1.000" may be 1 or 1000: write it as one of these'],
  ])(
    'between %j the price %s in %s may mean two things, and is refused',
    async (delimiter, price, currency, detail) => {
      const { load } = await opened();
      const said = delimiter === '|' ? 'sep=|\n' : '';
      const { status, body } = await load(said + between(delimiter, price, currency));
      expect([status, body.errors]).toEqual([400, [{ pointer: '/rows/1/price', detail }]]);
    },
  );

  test.each([
    [';', '1.234,56', 'EUR', 123456],
    [';', '1.234.567', 'EUR', 123456700],
    [';', '1000', 'EUR', 100000],
    [';', '1.00', 'EUR', 100],
    [';', '0,500', 'EUR', 50],
    [';', '0.500', 'EUR', 50],
    [';', '1000,500', 'KWD', 1000500],
    [';', '¥1,000', 'JPY', 1000],
    [';', '1,000円', 'JPY', 1000],
    [';', "1'000", 'CHF', 100000],
    [';', '1’000.50', 'CHF', 100050],
    ['\t', '1,234.56', 'EUR', 123456],
    ['\t', '1,000', 'JPY', 1000],
    ['\t', '￥１，０００', 'JPY', 1000],
    ['\t', '1 000', 'EUR', 100000],
    ['\t', '1\u202f000,50\u00a0', 'EUR', 100050],
    ['\t', '\u200e1000\u200b', 'EUR', 100000],
    ['\t', "'1000", 'EUR', 100000],
    ['\t', '+1000', 'EUR', 100000],
    ['\t', '-0', 'EUR', 0],
    [',', '1.000', 'KWD', 1000],
    [',', '"1,000"', 'EUR', 100000],
    [',', '"0,500"', 'EUR', 50],
    [',', '"1,00,000"', 'INR', 10000000],
    [',', '="1000"', 'EUR', 100000],
    [',', '¥1000', 'ｊｐｙ', 1000],
  ])('between %j the price %s in %s has one meaning, and is read', async (delimiter, price, currency, minor) => {
    const { load, read } = await opened();
    const cell = price.startsWith('=') ? `"${price.replaceAll('"', '""')}"` : price;
    expect((await load(between(delimiter, cell, currency))).body).toMatchObject({ created: 1 });
    expect((await read('P'))?.price).toBe(minor);
  });

  test.each([
    ['1e3', '"1e3" is in scientific notation: format the column as a number with all digits'],
    ['0.500,5', '"0.500,5" is not a number: write digits, such as 1000 or 59.98'],
    ['00.000.000', '"00.000.000" is not a number: write digits, such as 1000 or 59.98'],
    ['1.000-', '"1.000-" is not a number: write digits, such as 1000 or 59.98'],
    ['--1', '"--1" is not a number: write digits, such as 1000 or 59.98'],
    ['1,00.00', '"1,00.00" is not a number: write digits, such as 1000 or 59.98'],
  ])('the price %s is none, and is refused', async (price, detail) => {
    const { load } = await opened();
    expect((await load(between('\t', price, 'EUR'))).body.errors).toEqual([{ pointer: '/rows/1/price', detail }]);
  });

  test.each([
    ['8,250', 825],
    ['8.250', 825],
    ['10.000 %', 1000],
    ['８，２５', 825],
  ])('the rate %s has decimals: none is as high as a thousand', async (rate, taxRateBps) => {
    const { load, read } = await opened();
    await load(`productId\tname\tprice\tcurrency\ttaxRate\nP\tN\t1\tJPY\t${rate}`);
    expect(await read('P')).toMatchObject({ taxRateBps });
  });

  test.each([
    ['\t', '1,000', { stock: 1000 }],
    [',', '"1,000"', { stock: 1000 }],
    ['\t', '1.000', { detail: '"1.000" may be 1 or 1000: write it as one of these' }],
    [',', '1.000', { detail: '"1.000" may be 1 or 1000: write it as one of these' }],
    [';', '1,000', { detail: '"1,000" may be 1 or 1000: write it as one of these' }],
  ])('between %j the stock %s is read or refused as prices are', (delimiter, stock, expected) => {
    const text = `productId,name,price,currency,stock\nP,N,1,JPY,`.replaceAll(',', delimiter) + stock;
    const read = readProductFile(text, { maxRows: 9, elsewhere: {} });
    const file = 'file' in read ? read.file : undefined;
    expect(file?.rows.get(1) ?? file?.errors[0]).toMatchObject(expected);
  });

  test.each([
    ['="00123"', '00123'],
    ["'00123", '00123'],
    ['00123', '00123'],
  ])('the code %s keeps its zeros', async (cell, productId) => {
    const { load, read } = await opened();
    await load(`${header}\n"${cell.replaceAll('"', '""')}",N,1,JPY,,,,`);
    expect(await read(productId)).toMatchObject({ name: 'N' });
  });

  test.each([
    [
      'P,5" pipe,1,JPY,,,,',
      'not CSV: a cell has a quotation mark in it: put the cell in quotation marks, and double those within (line 2)',
    ],
    ['P,"5" pipe",1,JPY,,,,', 'not CSV: a quotation mark within a cell must be doubled ("") (line 2)'],
    ['P,"N,1,JPY,,,,', 'not CSV: a quotation mark opens a cell and nothing closes it (line 2)'],
  ])('%s is refused with the line', async (row, detail) => {
    const { load } = await opened();
    expect((await load(`${header}\n${row}`)).body.errors[0].detail).toBe(detail);
  });

  test('rows are counted as the spreadsheet shows them', async () => {
    const { load } = await opened();
    expect((await load(`${header}\n\n,,\nP,N,x,JPY,,,,`)).body.errors[0].pointer).toBe('/rows/3/price');
  });

  test('stock in a file of the catalog is refused with where it is changed', async () => {
    const { load } = await opened();
    const { body } = await load('productId,name,price,currency,stock\nP,N,1,JPY,5');
    expect(body.errors[0].detail).toBe(
      'column stock: the catalog has no stock: leave the column out, and change stock by PATCH /inventory/{productId}',
    );
  });
});

describe('F-25 a file that is made to hurt', () => {
  const all = 'productId, name, price, currency, taxRate, description, categories, status'; // stock is changed elsewhere
  const columns = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`).join();

  test.each([
    ['120,000 columns', columns(120_000), /^not CSV: a row has more than 131072 characters/],
    ['20,000 columns', columns(20_000), `the header has 20000 columns; the columns are ${all}`],
    ['20 unknown columns', columns(20), /^unknown column "c0"; .*"c4"; and 19 more; the columns are/],
    ['one endless column', 'x'.repeat(100_000), /^unknown column "x{40}…"; /],
    ['the same column 80 times', Array(80).fill('name').join(), /^column name is there twice; .*; and 77 more; /],
  ])('with %s is refused at once, in a bounded text', async (_what, text, detail) => {
    const { load } = await opened();
    const { status, body } = await load(`${text}\n1,2`);
    expect(status).toBe(400);
    expect(body.errors[0].detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
    expect(JSON.stringify(body).length).toBeLessThan(2000);
  });

  test('with one wrong cell says so in the singular', async () => {
    const { load } = await opened();
    const { body } = await load(`${header}\nP-1,N,x,JPY,,,,true`);
    expect(body.detail).toBe('Nothing was imported: 1 cell is wrong.');
  });

  test('of a thousand wrong rows lists fifty cells, and reports how many there are', async () => {
    const { load, ask } = await opened();
    const text = [header, ...Array.from({ length: 1000 }, (_, n) => `P-${n},N,x,JPY,,,nowhere,maybe`)].join('\n');
    const refused = (await load(text)).body;
    expect(refused.errors).toHaveLength(50);
    expect(refused.detail).toBe('Nothing was imported: 2000 cells are wrong. The first 50 of 2000 errors are listed.');
    const report = (await ask('importProducts', { body: text, headers, query: { dryRun: 'true' } })).body;
    expect(report.errors).toHaveLength(50);
    expect(report.errorCount).toBe(2000);
  });

  const rules = { maxRows: 1000, elsewhere: {} };
  const seconds = (text: string): number => {
    const from = performance.now();
    readProductFile(text, rules);
    return performance.now() - from;
  };
  const least = (text: string) => Math.min(...[0, 1, 2].map(() => seconds(text)));
  const row = 'P,N,1,JPY,,,,\n';
  const shapes: [string, (size: number) => string][] = [
    ['one line of commas', (size) => ','.repeat(size)],
    ['empty lines', (size) => '\n'.repeat(size)],
    ['columns of the header', (size) => columns(size / 6)],
    ['rows', (size) => `${header}\n${row.repeat(size / row.length)}`],
    ['rows of only commas', (size) => `${header}\n${',,,,\n'.repeat(size / 5)}`],
    ['cells that the header does not have', (size) => `${header}\nP,N,1,JPY${',x'.repeat(size / 2)}`],
    ['short rows', (size) => `${header}\n${'P\n'.repeat(size / 2)}`],
    ['short rows between good ones', (size) => `${header}\n${`${row}P\n`.repeat(size / 16)}`],
    ['empty rows before the end', (size) => `${header}\n${',\n'.repeat(size / 2)}${row}`],
    ['quotation marks', (size) => '"'.repeat(size)],
    ['one cell of blanks', (size) => `${header}\nP,"${'a '.repeat(size / 2)}",1,JPY`],
    ['one cell of digits', (size) => `${header}\nP,N,${'1'.repeat(size)},JPY`],
  ];

  test.each(shapes)('with ever more %s takes time that grows with its size, and no faster', (_what, make) => {
    const [small, large] = [make(200_000), make(1_600_000)];
    least(small); // compiled
    const needed = least(large);
    expect(needed).toBeLessThan(8 * 4 * Math.max(least(small), 5));
    expect(needed).toBeLessThan(3000); // some 100 ms on a machine at rest
  });
});
