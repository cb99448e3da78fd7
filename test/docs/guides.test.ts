import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { problemNames } from '../../lambda/contracts/api/problem';
import { codeBlocks, found, pages, read, section, typed } from './documents';

const scripts = readdirSync('scripts').filter((name) => name.endsWith('.sh') && name !== 'run.sh');
const npmScripts = Object.keys(JSON.parse(read('package.json')).scripts);
const guides = pages.filter((page) => /^(README|CONTRIBUTING|docs\/(?!adr\/|promises))/.test(page));
const text = guides.map(read).join('\n');

/** The npm scripts that a text names. */
const named = (given: string): string[] => [
  ...found(given, /npm run (?:--silent )?([a-z][\w:-]*)/g),
  ...found(given, /npm (start|stop|test)\b/g),
];

describe('the commands', () => {
  test('docs/guides/commands.md names every npm script and every bash script', () => {
    const commands = read('docs/guides/commands.md');
    expect(npmScripts.filter((name) => !named(commands).includes(name))).toEqual([]);
    expect(found(commands, /bash scripts\/([\w-]+\.sh)/g)).toEqual(scripts.sort());
  });

  test('no page names one that does not exist', () => {
    expect(named(text).filter((name) => !npmScripts.includes(name))).toEqual([]);
    expect(found(text, /bash scripts\/([\w-]+\.sh)/g).filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

test('docs/guides/api.md names every problem that the API returns, and no other', () => {
  const rows = (read('docs/guides/api.md').match(/^\| \d{3}.*\|$/gm) ?? []).join('\n');
  expect(found(rows, /`([A-Z][a-z]\w+)`/g)).toEqual([...problemNames].sort());
});

test('docs/guides/events.md names every event of the contracts under its topic, and no other', () => {
  const contracts = readdirSync('lambda/contracts/events').filter((name) => name.endsWith('-events.ts'));
  const all = contracts.flatMap((name) => found(read(join('lambda/contracts/events', name)), /'([A-Z]\w+)\.v\d+'/g));
  const rows = section(read('docs/guides/events.md'), 'Topics').match(/^\| `.*$/gm) ?? [];
  expect(found(rows.map((row) => row.split('|')[3]).join(), /`(\w+)`/g)).toEqual([...new Set(all)].sort());
});

describe.each([
  ['docs/deploy.md', 'Where it runs'],
  ['docs/ja/deploy.md', 'どこで動くか'],
])('%s', (file, where) => {
  test('S1-38 shows both environments, local and cloud, as a diagram, and the deployment commands', () => {
    const [diagram = ''] = codeBlocks(section(read(file), where));
    expect(diagram).toMatch(/^```mermaid\n/);
    for (const place of ['MiniStack', 'AWS', 'npx cdklocal deploy', 'npx cdk deploy']) expect(diagram).toContain(place);
    const lines = [...typed(read('README.md')), ...typed(read(file))];
    for (const line of [
      'npm ci && npm start',
      'npx cdk bootstrap',
      'npx cdk deploy -c stage=dev -c senderEmail=orders@your-domain.example',
    ])
      expect(lines).toContain(line);
    expect(read(file)).toContain('npx cdk deploy -c stage=prod');
  });
});

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md');

  test.each(['Overview', 'Data flow'])('S2-47 draws the page %s', (heading) => {
    expect(codeBlocks(section(page, heading))[0]).toMatch(/^```mermaid\n/);
  });

  test.each(['Saga scope', 'State machines', 'Order', 'Payment', 'Alert contract', 'Non-functional goals'])(
    'S2-47 documents the architecture: %s',
    (heading) => expect(section(page, heading)).not.toBe(''),
  );
});

test.each(['docs/local-setup.md', 'docs/deploy.md', 'docs/operations/runbook.md'])(
  'S2-47 docs for who sets it up locally, deploys and runs it: %s',
  (page) => expect(pages).toContain(page),
);

test('S3-62 docs/roadmap.md has four phases, base, core, analytics and advanced, with deliverables and checks', () => {
  const roadmap = read('docs/roadmap.md');
  expect(found(roadmap, /^## (Phase .*)$/gm)).toEqual([
    'Phase 1: base (2-3 weeks)',
    'Phase 2: core (3-4 weeks)',
    'Phase 3: analytics (4-5 weeks)',
    'Phase 4: advanced (3-4 weeks)',
  ]);
  expect(roadmap.match(/^\| Deliverable \| Check \| State \|$/gm)).toHaveLength(4);
});

test('docs/glossary.md is in alphabetical order, and says of each term where it is defined', () => {
  const rows = [...read('docs/glossary.md').matchAll(/^\| ([a-z][^|]*) \| ([^|]+) \| \[[^|]*\]\([^|]+\) \|$/gm)];
  const terms = rows.map(([, term = '']) => term);
  expect(terms.length).toBeGreaterThanOrEqual(40);
  expect(terms).toEqual([...new Set(terms)].sort());
});
