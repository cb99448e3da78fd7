import fc from 'fast-check';
import type { Report } from '../../../scripts/lib/terminal';
import { type Answer, call, eventually } from '../../support/flow';
import { openTenantByApi, type Person, signedIn } from '../../support/flow-people';
import { chosen, seedOf } from '../cases';
import type { Broken, Outcome, Settings } from '../part';
import { wrongCells } from './cells';
import { otherFiles } from './other-files';
import { names, type Row, readName, styles, written } from './sheet';

type File = { readonly type: string; readonly bytes: Uint8Array };

type Case = {
  readonly name: string;
  readonly carryOut: (shop: Person, n: number, seed: number) => Promise<string | undefined>;
};

/** What a member of the shop's staff is answered, once it is not told to come later. */
const ask = (shop: Person, method: string, path: string, file?: File): Promise<Answer> =>
  eventually(`an answer to ${method} ${path}`, async () => {
    const answer = await call(method, path, {
      headers: { authorization: `Bearer ${shop.token}`, ...(file === undefined ? {} : { 'content-type': file.type }) },
      signal: AbortSignal.timeout(20_000),
      ...(file === undefined ? {} : { body: Buffer.from(file.bytes) }),
    });
    return answer.status !== 429 && answer;
  });

const load = (shop: Person, file: File) => ask(shop, 'POST', '/products/import', file);
const read = (shop: Person, productId: string) => ask(shop, 'GET', `/products/${productId}`);

const said = ({ status, body }: Answer): string => `${status} ${JSON.stringify(body).slice(0, 300)}`;

const rowsOf = (prefix: string): fc.Arbitrary<Row[]> =>
  fc
    .array(fc.record({ name: names, price: fc.integer({ min: 0, max: 9_999_999 }) }), { minLength: 1, maxLength: 5 })
    .map((made) => made.map((one, n) => ({ ...one, productId: `${prefix}-${n}` })));

/** The same products come out of a file, however a program writes it. */
const asWritten = async (shop: Person, n: number, seed: number): Promise<string | undefined> => {
  let tries = 0;
  const file = fc.record({ rows: rowsOf('ROW'), style: styles });
  const property = fc.asyncProperty(file, async ({ rows: made, style }) => {
    tries += 1;
    const rows = made.map((row, at) => ({ ...row, productId: `F${n}-${tries}-${at}` }));
    const answer = await load(shop, written(rows, style));
    if (answer.status !== 200 || answer.body.created !== rows.length) throw new Error(said(answer));
    for (const { productId, name, price } of rows) {
      const { body } = await read(shop, productId);
      if (body.name !== readName(name) || body.price !== price)
        throw new Error(`it became ${body.name}, ${body.price}`);
    }
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, {
    numRuns: 1,
    seed,
    interruptAfterTimeLimit: 60_000,
  });
  return failed ? `${JSON.stringify(counterexample)}: ${errorInstance}` : undefined;
};

const isThere = async (shop: Person, productId: string): Promise<boolean> =>
  (await read(shop, productId)).status === 200;

/** One wrong cell among good rows is named by its row and column, and nothing of the file is taken. */
const wrongCell =
  (column: string, text: string) =>
  async (shop: Person, n: number, seed: number): Promise<string | undefined> => {
    const at = Math.abs(seed) % 3;
    const cells = (row: number): Record<string, string> => ({
      productId: `W${n}-${row}`,
      name: `Row ${row}`,
      price: '100',
      currency: 'JPY',
      taxRate: '10',
      status: 'TRUE',
    });
    const rows = [0, 1, 2].map((row) => ({ ...cells(row), ...(row === at ? { [column]: text } : {}) }));
    const columns = Object.keys(cells(0));
    const lines = [
      columns,
      ...rows.map((row) => columns.map((name) => `"${String(row[name as keyof typeof row]).replaceAll('"', '""')}"`)),
    ];
    const answer = await load(shop, {
      type: 'text/csv',
      bytes: Buffer.from(lines.map((line) => line.join(',')).join('\r\n')),
    });
    const pointers: string[] = (answer.body?.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
    if (answer.status !== 400 || !pointers.includes(`/rows/${at + 1}/${column}`)) return said(answer);
    return (await isThere(shop, `W${n}-${(at + 1) % 3}`)) ? 'a row of a refused file was taken' : undefined;
  };

/** What is no file of products is refused in good time. */
const noFile =
  (file: (productId: string) => File) =>
  async (shop: Person, n: number): Promise<string | undefined> => {
    const startedAt = performance.now();
    const answer = await load(shop, file(`X${n}`));
    if (answer.status < 400 || answer.status >= 500) return said(answer);
    if (performance.now() - startedAt > 10_000) return `it took ${Math.round(performance.now() - startedAt)} ms`;
    return (await isThere(shop, `X${n}`)) ? 'a row of a refused file was taken' : undefined;
  };

const sheets = 120;

const allCases = (): Case[] => [
  ...Array.from({ length: sheets }, (_, n) => ({ name: `sheet ${n}`, carryOut: asWritten })),
  ...wrongCells.map(([column, text]) => ({
    name: `${column} ${JSON.stringify(text).slice(0, 40)}`,
    carryOut: wrongCell(column, text),
  })),
  ...Object.entries(otherFiles).map(([name, file]) => ({ name, carryOut: noFile(file) })),
];

/** Product files as Excel and other programs write them, wrong cells in them, and files that are none. */
export const attackFiles = async (settings: Settings, report: Report): Promise<Outcome> => {
  const shop = await signedIn(await openTenantByApi(), 'staff');
  const cases = chosen(allCases(), settings, 24);
  const broken: Broken[] = [];
  for (const [n, { name, carryOut }] of cases.entries()) {
    report(`${n + 1} of ${cases.length}`);
    const fault = await carryOut(shop, n, seedOf(settings.seed, name));
    if (fault !== undefined) broken.push({ what: `${name}: ${fault}`, match: name });
  }
  return { tried: cases.length, broken };
};
