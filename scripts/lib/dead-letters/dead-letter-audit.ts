import { appendFileSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { CommandError } from '../command';
import type { Deed } from './dead-letter-actions';

/** One line of the audit file. It names the message and never holds its body. */
export type AuditLine = {
  readonly at: string;
  readonly who: string;
  readonly action: Deed['action'];
  readonly queue: string;
  readonly messageId: string;
  readonly eventId?: string;
  readonly eventType: string;
  readonly consumer: string;
  readonly to?: readonly string[];
  readonly reason?: string;
  readonly problem?: string;
};

const operator = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // a container's user without a name
  }
};

export const auditLine = (
  { action, deadLetter, to, problem }: Deed,
  { at, who, queue, reason }: { at: Date; who: string; queue: string; reason?: string | undefined },
): AuditLine => ({
  at: at.toISOString(),
  who,
  action,
  queue,
  messageId: deadLetter.messageId,
  ...(deadLetter.eventId === undefined ? {} : { eventId: deadLetter.eventId }),
  eventType: deadLetter.eventType,
  consumer: deadLetter.consumer,
  ...(to === undefined ? {} : { to }),
  ...(reason === undefined ? {} : { reason }),
  ...(problem === undefined ? {} : { problem }),
});

/** Opens the audit file before anything is done. Returns the function that appends a deed to it. */
export const auditFile = (path: string, { queue, reason }: { queue: string; reason?: string | undefined }) => {
  const append = (text: string) => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, text, { mode: 0o600 });
    } catch (error) {
      throw new CommandError(
        `${path}: the audit file cannot be written (${error instanceof Error ? error.message : error})`,
      );
    }
  };
  append('');
  return (deed: Deed): void =>
    append(`${JSON.stringify(auditLine(deed, { at: new Date(), who: operator(), queue, reason }))}\n`);
};
