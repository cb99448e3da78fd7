import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { folderOf, type Mutant } from './mutants';

const Folders = z.record(z.string(), z.object({ mutants: z.int(), killed: z.int() }));

/** How many mutants the files of each folder have, and how many of them the tests kill. */
export type Folders = z.infer<typeof Folders>;

export type Tried = { readonly mutant: Mutant; readonly end: 'killed' | 'survived' | 'not reached' };

const figuresFile = 'test/mutation/report.json';
const survivorsFile = 'test/mutation/survivors.txt';

/** The committed figures: of the folders that have been measured whole. */
export const readFigures = (): Folders =>
  existsSync(figuresFile) ? Folders.parse(JSON.parse(readFileSync(figuresFile, 'utf8'))) : {};

const readSurvivors = (): string[] =>
  existsSync(survivorsFile) ? readFileSync(survivorsFile, 'utf8').split('\n').filter(Boolean) : [];

/** The killed ones of a hundred mutants, to one decimal, rounded down. */
export const scoreOf = (folders: Folders): number => {
  const all = Object.values(folders);
  const mutants = all.reduce((sum, folder) => sum + folder.mutants, 0);
  const killed = all.reduce((sum, folder) => sum + folder.killed, 0);
  return mutants === 0 ? 100 : Math.floor((1000 * killed) / mutants) / 10;
};

export const foldersOf = (tried: readonly Tried[]): Folders => {
  const folders: Folders = {};
  for (const { mutant, end } of tried) {
    const folder = folderOf(mutant.file);
    const { mutants, killed } = folders[folder] ?? { mutants: 0, killed: 0 };
    folders[folder] = { mutants: mutants + 1, killed: killed + Number(end === 'killed') };
  }
  return folders;
};

/** `lambda/order/domain/order.ts:27: StringLiteral: 'CANCELLED' → ""`. */
export const lineOf = ({ mutant: { file, line, what }, end }: Tried): string =>
  `${file}:${line}: ${what}${end === 'not reached' ? ' (no test reaches it)' : ''}`;

const lived = ({ end }: Tried): boolean => end !== 'killed';

/** A survivor wherever it stands in its file, since lines move. */
const keyOf = (survivor: string): string => survivor.replace(/:\d+:/, ':').replace(/ \(no test reaches it\)$/, '');

/** Those that live and are not in the committed list. */
export const newSurvivors = (tried: readonly Tried[], known: readonly string[] = readSurvivors()): Tried[] => {
  const keys = new Set(known.map(keyOf));
  return tried.filter((one) => lived(one) && !keys.has(keyOf(lineOf(one))));
};

/** Puts folders that have been measured whole into the committed figures and the list of survivors. */
export const writeFigures = (tried: readonly Tried[]): void => {
  const measured = foldersOf(tried);
  const figures = Object.entries({ ...readFigures(), ...measured }).sort(([one], [other]) => (one < other ? -1 : 1));
  const others = readSurvivors().filter((line) => measured[folderOf(line.replace(/:\d+:.*/, ''))] === undefined);
  const byPlace = new Intl.Collator('en', { numeric: true });
  const survivors = [...others, ...tried.filter(lived).map(lineOf)].sort(byPlace.compare);
  writeFileSync(figuresFile, `${JSON.stringify(Object.fromEntries(figures), null, 2)}\n`);
  writeFileSync(survivorsFile, `${survivors.join('\n')}\n`);
};
