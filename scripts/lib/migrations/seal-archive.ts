import { archiveFolders } from '../../../lambda/contracts/events/archive';
import { sealedFieldsOf } from '../../../lambda/contracts/events/earlier-versions';
import type { ArchivedFile, ArchiveFiles } from './archive-files';
import type { Migration, Page, Position } from './migration';
import { isPlainEvent, type Sealer } from './sealer';

type Deps = { readonly files: ArchiveFiles; readonly sealer: Sealer };

const atOnce = 8;
const clockSkewMs = 5 * 60_000; // between S3 and whoever runs the migration

const eventIn = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // what is no event is left as it is
  }
};

/** Whether a file may hold events with text about people: its folder names the type, or it holds all about an order. */
const mayBePersonal = ({ key }: ArchivedFile): boolean => {
  const [folder, , type = ''] = key.split('/');
  return folder !== archiveFolders.byDay || sealedFieldsOf(type).length > 0;
};

const sealedLine = async (line: string, sealer: Sealer): Promise<string> => {
  const sealed = await sealer.event(eventIn(line));
  return sealed === undefined ? line : JSON.stringify(sealed);
};

/**
 * Seals one file under its own name: the same events in the same order. Of an older version that has plain text nobody
 * is in need, so it is deleted. Returns whether there was anything to seal.
 */
const sealFile = async (file: ArchivedFile, { files, sealer }: Deps, dryRun: boolean): Promise<boolean> => {
  const content = await files.read(file);
  if (content === undefined || !content.lines.some((line) => isPlainEvent(eventIn(line)))) return false;
  if (dryRun) return true;
  if (file.isCurrent) {
    const lines: string[] = [];
    for (const line of content.lines) lines.push(await sealedLine(line, sealer));
    if (!(await files.write(file, { ...content, lines }))) return true; // for the next pass
  }
  await files.removeVersion(file);
  return true;
};

const pageOf = async (deps: Deps, { cursor, dryRun, unchangedSince }: Position): Promise<Page> => {
  const { files, next } = await deps.files.list(cursor);
  const since = unchangedSince === undefined ? 0 : Date.parse(unchangedSince) - clockSkewMs;
  const suspect = files.filter((file) => mayBePersonal(file) && Date.parse(file.modifiedAt) >= since);
  let found = 0;
  for (let at = 0; at < suspect.length; at += atOnce) {
    const some = suspect.slice(at, at + atOnce);
    const plain = await Promise.all(some.map((file) => sealFile(file, deps, dryRun)));
    found += plain.filter(Boolean).length;
  }
  return { seen: files.length, found, next };
};

/** Seals text about people in the archived events. */
export const sealArchive = (deps: Deps): Migration => ({
  service: 'archive',
  number: 1,
  title: 'personal data sealed',
  of: 'files',
  page: (at) => pageOf(deps, at),
});
