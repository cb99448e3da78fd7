import { eventKey } from '../contracts/archive';
import type { AnyEvent } from '../contracts/event';
import { asError } from '../kernel/as-error';
import type { ArchiveGateway } from './archive.gateway';
import { filesOf } from './archive-file';

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
