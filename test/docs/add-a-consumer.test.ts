import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { codeBlocks, found, prose, read } from './documents';

const text = read('docs/add-a-consumer.md');
const files = codeBlocks(text).flatMap((block) => {
  const [, path, code] = /^```ts\n\/\/ (\S+)\n(.*)```$/s.exec(block) ?? [];
  return path && code ? [{ path, code }] : [];
});

test('adding a consumer takes a domain, a store, a handler, a construct and a test', () => {
  expect(files.map(({ path }) => path)).toEqual([
    'lambda/loyalty/points.ts',
    'lambda/loyalty/points.store.ts',
    'lambda/loyalty/grant-points.ts',
    'lambda/loyalty/env.ts',
    'lambda/loyalty/grant-points.handler.ts',
    'lib/loyalty.ts',
    'test/loyalty/grant-points.test.ts',
  ]);
});

test('its code compiles against the project as it is', () => {
  mkdirSync('.local', { recursive: true });
  const folder = mkdtempSync(join('.local', 'add-a-consumer-'));
  try {
    for (const { path, code } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), code);
    }
    const root = relative(folder, '.');
    const compilerOptions = { rootDirs: [root, '.'] }; // so that the pages' files and the project's see each other
    const include = files.map(({ path }) => path);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: `${root}/tsconfig.json`, compilerOptions, include }),
    );
    const { status, stdout } = spawnSync('npx', ['tsc', '-p', folder], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

test('every link leads somewhere, and every script it names exists', () => {
  const links = found(prose(text), /\]\((?!https?:)([^)#]+)/g).map((link) => join('docs', link));
  const scripts = found(text, /bash (scripts\/[\w-]+\.sh)/g);
  expect([...links, ...scripts].filter((path) => !existsSync(path))).toEqual([]);
});
