import { existsSync, writeFileSync } from 'node:fs';
import { read } from './documents';

const file = 'docs/operations/costs.md';

const report = 'bench/report.md';
const marked = /<!-- bench -->\n(.*?)<!-- \/bench -->/s;

const table = existsSync(report)
  ? `\n${read(report)
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .join('\n')}\n\n`
  : '';

/** `UPDATE_README=1 npx jest test/docs` copies the table after a new `npm run bench`. */
test(`${file} shows the figures of the committed bench report`, () => {
  const text = read(file);
  if (process.env.UPDATE_README) writeFileSync(file, text.replace(marked, `<!-- bench -->\n${table}<!-- /bench -->`));
  expect(marked.exec(read(file))?.[1]).toBe(table);
});
