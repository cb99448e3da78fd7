import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Goal, targetText } from './goal';

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

/** The report as the README shows it: one row a figure, and how each goal was measured. */
export const markdown = ({ goals }: Report): string =>
  [
    '| goal | what | unit | baseline | target | measured | met |',
    '| --- | --- | --- | ---: | ---: | ---: | --- |',
    ...goals.flatMap(rowsOf),
    '',
    ...goals.map(({ id, note }) => `- **${id}** ${note}`),
    '',
  ].join('\n');

export const writeReport = (report: Report): void => {
  writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(markdownFile, markdown(report));
};

const maxGrowth = 1.02;

type Sizes = Readonly<Record<string, number>>;

const sizesOf = ({ goals }: Report): Sizes =>
  (goals.find(({ id }) => id === 'G2')?.details?.bytes as Sizes | undefined) ?? {};

/** The bundles that have grown by more than 2 % since the report was committed. */
export const grownBundles = (before: Report, now: Report): string[] => {
  const committed = sizesOf(before);
  return Object.entries(sizesOf(now)).flatMap(([name, bytes]) => {
    const was = committed[name];
    if (was === undefined || bytes <= was * maxGrowth) return [];
    return [`the bundle ${name} has grown by ${((bytes / was - 1) * 100).toFixed(1)} %: ${was} → ${bytes} bytes`];
  });
};
