import { aboutOf, dayFolder, dayOf, eventKey, shardOf, subjectFolder } from '../contracts/events/archive';
import type { AnyEvent } from '../contracts/events/event';
import { asError } from '../kernel/error';

/** One file of the archive: its folder and its events, each once. */
export type ArchiveFile = { readonly folder: string; readonly events: readonly AnyEvent[] };

const foldersOf = (event: AnyEvent): string[] => {
  const day = dayOf(event.time);
  return [dayFolder(day, event.type), subjectFolder(shardOf(event.tenantid, aboutOf(event)), day)];
};

/** Returns the files of a batch of events: one for each day and type, and one for each day and shard. */
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

/** Returns the identity of a file. The same events in any order have the same one, so that they overwrite the file. */
export const identityOf = ({ events }: ArchiveFile): string => events.map(eventKey).sort().join('\n');

/** Returns the time of the first event, as `080000`, so that a folder lists its files in order. */
export const startOf = ({ events }: ArchiveFile): string => {
  const [first = ''] = events.map(({ time }) => time).sort();
  return first.slice(11, 19).replaceAll(':', '');
};

/** Returns the events as NDJSON, one per line. */
export const linesOf = ({ events }: ArchiveFile): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

/**
 * Archives the events of a batch in few files. An event is done when all of its files are written. A redelivered one
 * overwrites its files or is in two of them, and readers remove the duplicate.
 */
export const archiveEvents =
  ({ write }: { readonly write: (file: ArchiveFile) => Promise<void> }) =>
  async (events: readonly AnyEvent[]): Promise<(Error | undefined)[]> => {
    const failed = new Map<string, Error>();
    const attempt = async (file: ArchiveFile) => {
      try {
        await write(file);
      } catch (thrown) {
        for (const event of file.events) failed.set(eventKey(event), asError(thrown));
      }
    };
    await Promise.all(filesOf(events).map(attempt));
    return events.map((event) => failed.get(eventKey(event)));
  };
