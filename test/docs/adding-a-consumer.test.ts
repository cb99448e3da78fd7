import { existsSync } from 'node:fs';
import { codeBlocks, found, read } from './documents';

const text = read('docs/guides/adding-a-consumer.md');
const files = codeBlocks(text).flatMap((block): [string, string][] => {
  const [, path, code] = /^```ts\n\/\/ (\S+)\n(.*)```$/s.exec(block) ?? [];
  return path && code ? [[path, code]] : [];
});

test('adding a consumer takes a domain, a store, a handler, a construct and a test, and no line of the order system', () => {
  expect(files.map(([path]) => path)).toEqual([
    'lambda/sales/sale.ts',
    'lambda/sales/sales.store.ts',
    'lambda/sales/count-sales.ts',
    'lambda/sales/env.ts',
    'lambda/sales/count-sales.handler.ts',
    'lib/sales.ts',
    'lib/storefront.stack.ts',
    'test/sales/count-sales.test.ts',
  ]);
});

test.each(files)('its code of %s is the code of the project', (path, code) => expect(code).toBe(read(path)));

test('every file and npm script that it names exists', () => {
  const named = found(text, /`((?:bin|lambda|lib|test)\/[\w./-]+\.ts)`/g);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
  expect(found(text, /npm run ([\w:-]+)/g).filter((name) => !scripts.includes(name))).toEqual([]);
});
