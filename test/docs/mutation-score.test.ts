import { writeFileSync } from 'node:fs';
import { readFigures, scoreOf } from '../mutation/report';
import { read, readmes } from './documents';

const badge = /\[[^\]]* \d+(?:\.\d)? %\]\(test\/mutation\/survivors\.txt\)/;

/** `UPDATE_README=1 npx jest test/docs` copies the score after a new `npm run mutate`. */
test.each(readmes)('%s shows the committed mutation score', (file) => {
  const score = `${scoreOf(readFigures())} %`;
  const text = read(file);
  if (process.env.UPDATE_README)
    writeFileSync(
      file,
      text.replace(badge, (link) => link.replace(/\d+(?:\.\d)? %/, score)),
    );
  expect(badge.exec(read(file))?.[0]).toContain(` ${score}]`);
});
