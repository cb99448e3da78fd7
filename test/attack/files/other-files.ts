import { gzipSync } from 'node:zlib';

type File = { readonly type: string; readonly bytes: Uint8Array };

const header = 'productId,name,price,currency';

const csv = (text: string): File => ({ type: 'text/csv', bytes: Buffer.from(text) });
const bytes = (...parts: (string | number[])[]): File => ({
  type: 'text/csv',
  bytes: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
});

const good = (productId: string) => `${header}\n${productId},Name,1,JPY\n`;

/** Files that are no list of products, or one that is too much. `productId` is in those that have a good row. */
export const otherFiles: Readonly<Record<string, (productId: string) => File>> = {
  'nothing at all': () => csv(''),
  'a header alone': () => csv(`${header}\n`),
  'only commas': () => csv(`${header}\n,,,\n,,,\n`),
  'another shop’s columns': () => csv('Handle,Title,Variant Price\nmug,Mug,10\n'),
  'a column twice': (id) => csv(`${header},price\n${id},Name,1,JPY,2\n`),
  'an unknown column': (id) => csv(`${header},stock quantity\n${id},Name,1,JPY,2\n`),
  'stock, which is not here': (id) => csv(`${header},stock\n${id},Name,1,JPY,2\n`),
  'no header': (id) => csv(`${id},Name,1,JPY\n`),
  'a quotation mark that nothing closes': (id) => csv(`${header}\n${id},"Name,1,JPY\nB,Name,1,JPY\n`),
  'a comma that lacks quotation marks': (id) => csv(`${header}\n${id},Name, small,1,JPY\n`),
  'a product twice': (id) => csv(`${good(id)}${id},Other,2,JPY\n`),
  '10,000 rows': (id) =>
    csv(`${header}\n${Array.from({ length: 10_000 }, (_, n) => `${id}${n === 0 ? '' : n},Name,1,JPY`).join('\n')}`),
  '999 new products': (id) =>
    csv(`${header}\n${Array.from({ length: 999 }, (_, n) => `${id}${n === 0 ? '' : n},Name,1,JPY`).join('\n')}`),
  '100,000 columns': () => csv(`${Array.from({ length: 100_000 }, (_, n) => `c${n}`).join(',')}\n1\n`),
  '300,000 commas': () => csv(`${header}${','.repeat(300_000)}x\n`),
  '200,000 quotation marks': () => csv(`${header}\n${'"'.repeat(199_999)}\n`),
  'a workbook': () => bytes([0x50, 0x4b, 3, 4, 0, 0], 'xl/workbook.xml'),
  'an old workbook': () => bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  'a PDF': () => bytes('%PDF-1.7\n'),
  'a page': () => csv('<!doctype html><table><tr><td>productId</td></tr></table>'),
  JSON: (id) => csv(JSON.stringify([{ productId: id, name: 'Name', price: 1, currency: 'JPY' }])),
  'what was packed': (id) => ({ type: 'text/csv', bytes: gzipSync(good(id)) }),
  'Shift_JIS without a word': (id) => bytes(`${header}\n${id},`, [0x83, 0x7d, 0x83, 0x45, 0x83, 0x58], ',1,JPY\n'),
  'EUC-JP without a word': (id) => bytes(`${header}\n${id},`, [0xa5, 0xde, 0xa5, 0xa6, 0xa5, 0xb9], ',1,JPY\n'),
  'Latin-1 without a word': (id) => bytes(`${header}\n${id},Caf`, [0xe9], ',1,JPY\n'),
  'UTF-16 without a mark': (id) => ({ type: 'text/csv', bytes: Buffer.from(good(id), 'utf16le') }),
  'UTF-8 that is cut': (id) => bytes(`${header}\n${id},`, [0xe3, 0x83], ',1,JPY\n'),
  'a text that was lost': (id) => csv(`${header}\n${id},\ufffdm,1,JPY\n`),
  'zeros in it': (id) => csv(`${header}\n${id},a\u0000b,1,JPY\n`),
  'an encoding that is none': (id) => ({ type: 'text/csv; charset=x-unknown', bytes: Buffer.from(good(id)) }),
  'another type': (id) => ({ type: 'application/vnd.ms-excel', bytes: Buffer.from(good(id)) }),
  'two megabytes': (id) => csv(`${good(id)}${'x'.repeat(2_000_000)}`),
};
