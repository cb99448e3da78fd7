import { aboutOf, dayFolder, dayOf, eventKey, shardOf, subjectFolder } from '../contracts/archive';
import type { AnyEvent } from '../contracts/event';
import { asError } from '../kernel/http/http';
import type { ArchiveGateway } from './archive.gateway';

/** One file of the archive: the folder that it lies in and its events, each once. */
export type ArchiveFile = { readonly folder: string; readonly events: readonly AnyEvent[] };

const foldersOf = (event: AnyEvent): string[] => {
  const day = dayOf(event.time);
  return [dayFolder(day, event.type), subjectFolder(shardOf(event.tenantid, aboutOf(event)), day)];
};

/** The files that a batch of events makes: one for each day and type, and one for each day and shard. */
export const filesOf = (events: readonly AnyEvent[]): ArchiveFile[] => {
  const files = new Map<string, Map<string, AnyEvent>>();
  for (const event of events) {
    for (const folder of foldersOf(event)) {
      const file = files.get(folder) ?? new Map<string, AnyEvent>();
      files.set(folder, file.set(eventKey(event), event));
    }
  }
  return [...files].map(([folder, file]) => ({ folder, events: [...file.values()] }));
};

/** What names a file: the same events, in whatever order they came, have the same name, so that they overwrite it. */
export const identityOf = ({ events }: ArchiveFile): string => events.map(eventKey).sort().join('\n');

/** `080000`: when the first of its events happened, so that a folder's files are listed in their order. */
export const startOf = ({ events }: ArchiveFile): string => {
  const [first = ''] = events.map(({ time }) => time).sort();
  return first.slice(11, 19).replaceAll(':', '');
};

/** One event a line. */
export const linesOf = ({ events }: ArchiveFile): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

/**
 * Archives the events of a batch, in few files. An event is done when each of its files is written; one that comes again
 * overwrites its files, or stands in two of them, which readers take for one.
 */
export const archiveEvents =
  ({ keep }: ArchiveGateway) =>
  async (events: readonly AnyEvent[]): Promise<(Error | undefined)[]> => {
    const failed = new Map<string, Error>();
    const attempt = async (file: ReturnType<typeof filesOf>[number]) => {
      try {
        await keep(file);
      } catch (thrown) {
        for (const event of file.events) failed.set(eventKey(event), asError(thrown));
      }
    };
    await Promise.all(filesOf(events).map(attempt));
    return events.map((event) => failed.get(eventKey(event)));
  };
