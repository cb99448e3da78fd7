import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Goal, targetText } from './goal';
import { measuredSources } from './sources';

export type Report = { readonly goals: readonly Goal[] };

const jsonFile = join(__dirname, 'report.json');
const markdownFile = join(__dirname, 'report.md');

export const readReport = (): Report =>
  existsSync(jsonFile) ? (JSON.parse(readFileSync(jsonFile, 'utf8')) as Report) : { goals: [] };

const numberOf = ({ id }: Goal) => Number(id.slice(1));

/** What was measured now, in place of what was measured before under the same IDs. */
export const mergeReports = (before: Report, now: readonly Goal[]): Report => {
  const kept = before.goals.filter(({ id }) => !now.some((goal) => goal.id === id));
  return { goals: [...kept, ...now].sort((one, other) => numberOf(one) - numberOf(other)) };
};

const yesNo = (met: boolean) => (met ? 'yes' : 'no');

/** What a row is about: the goal on its first row, and which of its figures where there are several. */
const nameOf = ({ what, figures }: Goal, index: number): string => {
  if (figures.length === 1) return what;
  return `${index === 0 ? `${what}: ` : '… '}${figures[index]?.what}`;
};

const rowsOf = (goal: Goal): string[] =>
  goal.figures.map((figure, index) => {
    const cells = [
      index === 0 ? goal.id : '',
      nameOf(goal, index),
      figure.unit,
      figure.baseline ?? '–',
      targetText(figure),
      `**${figure.value}**`,
      yesNo(figure.met),
    ];
    return `| ${cells.join(' | ')} |`;
  });

/** The goals that were measured with other code than this. */
export const olderThan = ({ goals }: Report, sources: string): string[] =>
  goals.filter((goal) => goal.sources !== sources).map(({ id }) => id);

const warningOf = (older: readonly string[]): string[] =>
  older.length === 0 ? [] : [`**Older than the code:** ${older.join(', ')}. \`npm run bench\` measures again.`, ''];

/**
 * The report as people read it: one row a figure, and how each goal was measured. Goals that were measured with other code
 * than `sources` are named before them.
 */
export const markdown = (report: Report, sources: string): string =>
  [
    ...warningOf(olderThan(report, sources)),
    '| goal | what | unit | baseline | target | measured | met |',
    '| --- | --- | --- | ---: | ---: | ---: | --- |',
    ...report.goals.flatMap(rowsOf),
    '',
    ...report.goals.map(({ id, note }) => `- **${id}** ${note}`),
    '',
  ].join('\n');

/** Writes the readable report anew, with what is older than the code now named. */
export const writeMarkdown = (report: Report): void => writeFileSync(markdownFile, markdown(report, measuredSources()));

export const writeReport = (report: Report): void => {
  writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  writeMarkdown(report);
};

const maxGrowth = 1.02;

type Counts = Readonly<Record<string, number>>;

const countsOf = ({ goals }: Report, what: string): Counts =>
  (goals.find(({ id }) => id === 'G2')?.details?.[what] as Counts | undefined) ?? {};

const grown = (before: Report, now: Report, what: 'bytes' | 'modules'): string[] => {
  const committed = countsOf(before, what);
  return Object.entries(countsOf(now, what)).flatMap(([name, count]) => {
    const was = committed[name];
    if (was === undefined || count <= was * maxGrowth) return [];
    return [`the bundle ${name} has grown by ${((count / was - 1) * 100).toFixed(1)} %: ${was} → ${count} ${what}`];
  });
};

/** The bundles that have grown by more than 2 % since the report was committed, in bytes or in modules to evaluate. */
export const grownBundles = (before: Report, now: Report): string[] => [
  ...grown(before, now, 'bytes'),
  ...grown(before, now, 'modules'),
];
