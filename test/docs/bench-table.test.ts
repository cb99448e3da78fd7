import { existsSync, writeFileSync } from 'node:fs';
import { read, readmes } from './documents';

const report = 'bench/report.md';
const marked = /<!-- bench -->\n(.*?)<!-- \/bench -->/s;

const table = existsSync(report)
  ? `\n${read(report)
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .join('\n')}\n\n`
  : '';

/** `UPDATE_README=1 npx jest test/docs` copies the table after a new `npm run bench`. */
test.each(readmes)('%s shows the figures of the committed bench report', (file) => {
  const text = read(file);
  if (process.env.UPDATE_README) writeFileSync(file, text.replace(marked, `<!-- bench -->\n${table}<!-- /bench -->`));
  expect(marked.exec(read(file))?.[1]).toBe(table);
});
