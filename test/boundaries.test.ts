import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** [files, what they may import]. `$1` is what the first pattern captured. The first line that matches a file rules it. */
const rules: [RegExp, string][] = [
  [/^bin\//, '^lib/|^scripts/local/offers$'], // on the local stage an app leaves out what the local AWS does not offer
  [/^lib\/constructs\//, '^lib/(constructs/|config$|names$)|^lambda/contracts/events/earlier-versions$'], // a queue takes these, too
  [/^lib\//, '^lib/|^lambda/contracts/|^lambda/[^/]+/env$'],
  [/^lambda\/contracts\//, '^lambda/contracts/'],
  [
    /^lambda\/kernel\//,
    '^lambda/kernel/|^lambda/contracts/(api/(problem|request-headers|routes)|files/encoding|events/earlier-versions|values/(card-number|sealed|selling|payment-status|metric))$',
  ], // problems have one table, a header is read by the contract, bodies are read as files are, no card number is repeated, callers carry a tenant's defaults, events of before are read in one place, sealed text has one form, and words are declared once
  [/^lambda\/([^/]+)\//, '^lambda/($1|contracts|kernel)/'],
  [/^clients\//, '^(clients|lambda/contracts)/'],
  [/^scripts\/commands\//, '^scripts/(lib|local|aws|openapi|payment-simulator)/|^(clients|lambda/contracts)/'],
  [
    /^scripts\/lib\/seed\/seed-(catalog|stock|products|core)\.ts$/,
    '^(scripts/lib|lambda/contracts)/|^lambda/catalog/products/(import-products\\.http|product|product\\.store)$|^lambda/inventory/stock/(ledger\\.store|update-stock|stock-item)$|^lambda/kernel/tenant$',
  ], // one writer of products and stock, for the API and for files of operators
  [
    /^scripts\/lib\/migrations\//,
    '^(scripts/lib|lambda/contracts)/|^lambda/kernel/(tenant|retry|sealing/(key-ring|key-service|packed-text|subject-key\\.store)|aws/aws-endpoint)$',
  ], // what was written before is sealed as functions seal
  [
    /^scripts\/lib\//,
    '^(scripts/lib|clients|lambda/contracts)/|^scripts/local/emulator/(endpoint|ministack|recognition)$|^scripts/payment-simulator/scenario$',
  ],
  [/^scripts\/aws\//, '^scripts/(aws|lib)/|^(clients|lambda/contracts)/|^lib/settings$'], // the apps and the deployment know the same names
  [/^scripts\/local\//, '^scripts/(local|lib)/|^(clients|lambda/contracts)/'],
  [/^scripts\/openapi\//, '^scripts/openapi/|^lambda/contracts/'],
  [/^scripts\/payment-simulator\//, '^scripts/(payment-simulator|lib)/|^lambda/contracts/'],
  [/^web\//, '^(web|clients|lambda/contracts)/'],
  [/^bench\//, '.'],
];

const mayImport = (file: string, path: string): boolean => {
  const [folder, pattern] = rules.find(([rule]) => rule.test(file)) ?? [/^/, '^$'];
  return new RegExp(pattern.replace('$1', file.match(folder)?.[1] ?? '')).test(path);
};

const everything = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.vue'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => existsSync(file)); // git lists what was deleted until that is committed
const files = everything.filter((file) => !file.startsWith('test/'));
const sourceOf = (file: string) => readFileSync(file, 'utf8');

const specifier = /(?<![\w/])(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g;
const importsOf = (file: string) => [...sourceOf(file).matchAll(specifier)].map(([, path = '']) => path);
const neighboursOf = (file: string) =>
  importsOf(file)
    .filter((path) => path.startsWith('.'))
    .map((path) => join(dirname(file), path));

test.each([
  ['lambda/billing/bill.ts', 'lambda/order/domain/order', false],
  ['lambda/billing/bill.ts', 'lambda/contracts/values/money', true],
  ['lambda/contracts/events/event.ts', 'lambda/kernel/tenant', false],
  ['lambda/kernel/http/serve.ts', 'lambda/contracts/api/problem', true],
  ['lambda/kernel/http/serve.ts', 'lambda/contracts/api/order-api', false],
  ['lambda/kernel/http/serve.ts', 'lambda/contracts/api/routes', true],
  ['lambda/kernel/http/caller.ts', 'lambda/contracts/values/selling', true],
  ['bin/order-system.ts', 'scripts/local/offers', true],
  ['bin/order-system.ts', 'scripts/local/deployment/deploy', false],
  ['lib/order.ts', 'lambda/order/env', true],
  ['lib/order.ts', 'lambda/order/order.store', false],
  ['lib/constructs/service-table.ts', 'lib/config', true],
  ['lib/constructs/service-table.ts', 'lib/api-routes', false],
  ['scripts/commands/seed-data.ts', 'lib/config', false],
  ['scripts/commands/listen.ts', 'scripts/lib/events/listening', true],
  ['scripts/commands/listen.ts', 'scripts/commands/replay', false],
  ['scripts/lib/seed/seed-catalog.ts', 'lambda/catalog/products/import-products.http', true],
  ['scripts/lib/seed/seed-catalog.ts', 'lambda/order/order.store', false],
  ['scripts/lib/seed/seed-data.ts', 'lambda/catalog/products/import-products.http', false],
  ['scripts/lib/migrations/seal-rows.ts', 'lambda/kernel/sealing/key-ring', true],
  ['scripts/lib/migrations/seal-rows.ts', 'lambda/order/order.store', false],
  ['scripts/lib/mailbox.ts', 'clients/order-system', true],
  ['scripts/lib/mailbox.ts', 'scripts/commands/timeline', false],
  ['scripts/lib/mailbox.ts', 'scripts/aws/cdk', false],
  ['scripts/local/start.ts', 'scripts/aws/cdk', false],
  ['scripts/aws/arguments.ts', 'lib/settings', true],
  ['scripts/aws/arguments.ts', 'lib/config', false],
  ['scripts/aws/arguments.ts', 'scripts/local/start', false],
  ['scripts/payment-simulator/server.ts', 'scripts/local/start', false],
  ['clients/order-system.ts', 'lambda/contracts/api/routes', true],
  ['clients/order-system.ts', 'lambda/kernel/http/serve', false],
  ['lambda/order/domain/order.ts', 'clients/order-system', false],
  ['scripts/commands/seed-data.ts', 'test/support/flow', false],
  ['elsewhere/file.ts', 'lib/config', false],
])('S3-39 %s imports %s: %p', (file, path, allowed) => expect(mayImport(file, path)).toBe(allowed));

test.each(files)('S3-39 %s imports only what its folder may', (file) => {
  expect(neighboursOf(file).filter((path) => !mayImport(file, path))).toEqual([]);
});

/** Plain files of a service decide; the suffixes name those that may touch the world. */
const plain = files.filter((file) => /^lambda\/(?!kernel\/|contracts\/)(?:[\w-]+\/)+(?!env\.)[\w-]+\.ts$/.test(file));
const world =
  /@aws-|node:(?!crypto)|process\.|new Date\(\)|Date\.now|performance\.|Math\.random|randomUUID|randomBytes|(?<!\.)fetch\(|setTimeout/; // a port's own `provider.fetch(` asks whoever is given

test.each(plain)('%s decides without touching the world', (file) => expect(sourceOf(file)).not.toMatch(world));

test('no file of the source has more than 300 lines', () => {
  expect(files.filter((file) => sourceOf(file).split('\n').length > 301)).toEqual([]);
});

test('S1-01 every service has files that decide', () => {
  const services = files.flatMap((file) => /^lambda\/(?!kernel\/|contracts\/)([^/]+)\//.exec(file)?.[1] ?? []);
  expect(new Set(plain.map((file) => file.split('/')[1]))).toEqual(new Set(services));
});

const inLambda = files.filter((file) => file.startsWith('lambda/'));

test('no folder of functions has more files than one can look over', () => {
  const folders = [...new Set(inLambda.map(dirname))];
  const filesIn = (folder: string) => inLambda.filter((file) => dirname(file) === folder);
  expect(folders.filter((folder) => filesIn(folder).length > 23)).toEqual([]);
});

test('contracts need nothing but zod, and files of products a reader of CSV', () => {
  const packages = inLambda
    .filter((file) => file.startsWith('lambda/contracts/') && file !== 'lambda/contracts/files/product-file.ts')
    .flatMap(importsOf)
    .filter((path) => !path.startsWith('.'));
  expect(new Set(packages)).toEqual(new Set(['zod']));
});

const shopWords = new Set(
  'alert bill card cart catalog category currency customer inventory order payment price product refund sale selling shop sku stock storefront tax'.split(
    ' ',
  ),
);

/** The words of the shop in the code of a file, in the singular; comments may give an example. */
const shopWordsIn = (source: string): string[] => {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const words = code.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  return [...new Set(words.map((word) => word.toLowerCase().replace(/s$/, '')))]
    .filter((word) => shopWords.has(word))
    .sort();
};

const kernelExceptions: Readonly<Record<string, readonly string[]>> = {
  'dynamodb/index-list.ts': ['alert', 'category', 'order', 'payment', 'product'], // the log line of an unreadable row has its IDs
  'http/ask-authorizer.ts': ['storefront'], // all that a guest can be authorized by
  'http/caller.ts': ['payment', 'selling'], // the authorizer tells every function the terms of the caller's tenant
  'http/route.ts': ['shop'], // what a caller of a suspended tenant reads
  'http/input.ts': ['card'], // no response and no log line repeats a card number
};

test('a word of the shop is found in any spelling of code, and not in comments', () => {
  expect(shopWordsIn("ORDERS_TABLE; unitPrice; 'x-tax'; // a refund")).toEqual(['order', 'price', 'tax']);
});

test.each(inLambda.filter((file) => file.startsWith('lambda/kernel/')))('%s has no word of the shop', (file) => {
  expect(shopWordsIn(sourceOf(file))).toEqual(kernelExceptions[file.slice('lambda/kernel/'.length)] ?? []);
});

test('S3-40 clients need nothing but the description of the API', () => {
  const packages = files.filter((file) => file.startsWith('clients/')).flatMap(importsOf);
  expect(packages.filter((path) => !path.startsWith('.') && path !== 'zod')).toEqual([]);
});

test('lib takes types alone from the environments of services', () => {
  const values = files
    .filter((file) => file.startsWith('lib/'))
    .filter((file) => /import (?!type )[^;]*?from '[^']*lambda\/[^']*\/env'/.test(sourceOf(file)));
  expect(values).toEqual([]);
});

test('the kernel takes types alone from the contracts of the API', () => {
  const values = inLambda
    .filter((file) => file.startsWith('lambda/kernel/'))
    .filter((file) =>
      /import (?!type )[^;]*?from '[^']*contracts\/(api\/routes|values\/(payment-status|metric))'/.test(sourceOf(file)),
    );
  expect(values).toEqual([]);
});

test('one file reads the environment', () => {
  expect(inLambda.filter((file) => /process\.env/.test(sourceOf(file)))).toEqual(['lambda/kernel/env.ts']);
});

test('a handler is exported by every *.handler.ts, and by nothing else', () => {
  const handlers = inLambda.filter((file) => /^export const handler\b/m.test(sourceOf(file)));
  expect(handlers).toEqual(inLambda.filter((file) => file.endsWith('.handler.ts')));
});

test('the stores alone speak to DynamoDB', () => {
  const speakers = inLambda.filter((file) => /@aws-sdk\/(client|lib)-dynamodb/.test(sourceOf(file)));
  expect(speakers.filter((file) => !/^lambda\/kernel\/|\.(store|handler)\.ts$/.test(file))).toEqual([]);
});

const imports = new Map(everything.map((file) => [file, neighboursOf(file).map((path) => `${path}.ts`)]));

/** Every file that one needs, through whatever it imports. Itself is one of them when any of those needs it. */
const reached = (file: string): Set<string> => {
  const needed = new Set(imports.get(file));
  for (const one of needed) for (const next of imports.get(one) ?? []) needed.add(next);
  return needed;
};

/** In the place of Biome's rule `noImportCycles`, which does not follow `import type`. */
test('no file imports itself by way of others, also not by types', () => {
  const circleOf = (file: string) => [...reached(file)].filter((other) => reached(other).has(file)).sort();
  const circles = everything.filter((file) => reached(file).has(file)).map((file) => circleOf(file).join(', '));
  expect([...new Set(circles)]).toEqual([]);
});

test('S3-39 the apps share names, stages and constructs, and neither a stack nor a service', () => {
  const [storefront, orderSystem] = [reached('bin/storefront.ts'), reached('bin/order-system.ts')];
  const services = new Set(plain.map((file) => `lib/${file.split('/')[1]}.ts`));
  const own = (files: Set<string>) => [...files].filter((file) => services.has(file) || file.endsWith('.stack.ts'));
  expect(own(storefront).sort()).toEqual(['lib/sales.ts', 'lib/storefront.stack.ts']);
  expect(own(orderSystem)).toEqual(expect.arrayContaining(['lib/order-system.stack.ts', 'lib/order.ts']));
  expect(own(orderSystem).filter((file) => storefront.has(file))).toEqual([]);
  expect(storefront).not.toContain('lib/messaging.ts');
});
