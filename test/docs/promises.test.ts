import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const tests = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'test/*.ts'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const id = String.raw`[SB]\d?-\d\d[,:]?`;
const patterns = [
  new RegExp(`['"\`]((?:[FPSB]\\d*-?\\d* )*(?:${id} )+)([^\\n]*)`, 'g'), // a title begins with the IDs of what it proves: `S0-43, S0-44 …`
  new RegExp(`\\[['"]((?:${id} ?)+)(['"],[^\\n]*)`, 'g'), // or the row of a table does, whose title shows them
];

/** What tests say under an ID: the title's own words, those of the file's `describe`s, and the file's name. */
const said = new Map<string, string>();
for (const { file, text } of tests) {
  const about = [
    file,
    ...[...text.matchAll(/describe(?:\.each\([^)]*\))?\(\s*['"`]([^'"`]+)/g)].map(([, title = '']) => title),
  ];
  for (const pattern of patterns)
    for (const [, ids = '', title = ''] of text.matchAll(pattern))
      for (const name of ids.match(/[SB]\d?-\d\d/g) ?? [])
        said.set(name, [said.get(name) ?? '', title, ...about].join(' '));
}

const beginnings = (text: string): Set<string> =>
  new Set(
    (
      text
        .replaceAll(/([a-z])(?=[A-Z])/g, '$1 ')
        .toLowerCase()
        .match(/[a-z0-9]{3,}/g) ?? []
    )
      .filter((word) => !['with', 'that', 'this', 'from', 'each', 'the', 'and', 'test'].includes(word))
      .map((word) => word.slice(0, 5)),
  );

const ids = (seed: number, ...ranges: readonly (readonly [number, number])[]): string[] =>
  ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => `S${seed}-${String(first + index).padStart(2, '0')}`),
  );

const core = ids(0, [1, 57]);
const shop = ids(1, [1, 38]);
const payments = ids(2, [1, 35], [38, 41], [43, 45], [47, 49]);
const services = ids(3, [1, 11], [14, 28], [39, 47], [49, 58], [61, 62]);
const tenants = ids(4, [1, 49]);
const promises = [...core, ...shop, ...payments, ...services, ...tenants, 'B-24'];

const reliability = [
  'P1',
  'P2',
  'P3',
  'P4',
  'P5',
  'P6',
  'P7',
  'P8',
  'P9',
  'P10',
  'P11',
  'P12',
  'P13',
  'P14',
  'P15',
  'P16',
  'P17',
  'P20',
  'P29',
];

const [kept = '', others = ''] = readFileSync('docs/promises.md', 'utf8').split('## Not there yet');
const written = new Map(
  [...kept.matchAll(/^- ([SB]\d?-\d\d) (.*)$/gm)].map(([, name = '', text = '']) => [name, text]),
);

test('each promise is written down once, under its ID, and what is not there yet apart from them', () => {
  expect([...written.keys()]).toEqual(promises);
  expect([...others.matchAll(/^\| (P\d+) \|/gm)].map(([, name]) => name)).toEqual(reliability);
  const later = [...others.matchAll(/^- ([SB]\d?-\d\d) /gm)].map(([, name = '']) => name);
  expect(later.filter((name) => written.has(name))).toEqual([]);
});

test.each(promises)('%s has a test that names it, and speaks of it', (name) => {
  const words = beginnings(said.get(name) ?? '');
  expect([...beginnings(written.get(name) ?? '')].filter((word) => words.has(word))).not.toEqual([]);
});

test.each(reliability)('%s has a test that names it', (name) => {
  const title = new RegExp(`(?:test|describe)\\b[^\\n]*(?:\\n[^\\n]*)?['"\`(][^'"\\n]*\\b${name}\\b`);
  expect(tests.filter(({ text }) => title.test(text))).not.toEqual([]);
});

const faults = [
  ...Array.from({ length: 16 }, (_, index) => index + 1),
  ...Array.from({ length: 19 }, (_, index) => index + 20),
  ...Array.from({ length: 10 }, (_, index) => index + 41),
].filter((number) => number !== 39);

test.each(faults.map((number) => `F-${String(number).padStart(2, '0')}`))(
  '%s, a fault that was found from outside, has a test that is titled with it',
  (name) => {
    const title = new RegExp(`['"\`][^'"\`\\n]*\\b${name}\\b`);
    expect(tests.filter(({ text }) => title.test(text))).not.toEqual([]);
  },
);
