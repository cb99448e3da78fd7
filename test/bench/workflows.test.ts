import { readFileSync } from 'node:fs';

const jobOf = (file: string): string => {
  const workflow = readFileSync(`.github/workflows/${file}`, 'utf8');
  return /^ {2}bench:.*?(?=^ {2}\S|(?![\s\S]))/ms.exec(workflow)?.[0] ?? '';
};

test('F-42 the bench runs whole every night', () => {
  expect(readFileSync('.github/workflows/nightly.yml', 'utf8')).toMatch(/^on:\n {2}schedule:\n {4}- cron: /m);
  expect(jobOf('nightly.yml')).toMatch(/- run: npm ci\n.*- run: npm run bench\n/s);
});

test('F-42 CI shows for every change that each goal can be measured, and compares what is exact', () => {
  expect(jobOf('ci.yml')).toMatch(/- run: npm ci\n.*- run: npm run bench:smoke\n/s);
  expect(readFileSync('.github/workflows/ci.yml', 'utf8')).toContain('- run: npm run bench:short\n');
});
