import type { Session } from '../../lambda/identity/sessions/session';
import type { SessionStore } from '../../lambda/identity/sessions/session.store';
import { type Io, stored } from './io';

/** What is in the table of sessions. */
export type SessionsTable = Map<string, Session>;

/** Sessions in memory, as the table keeps them. */
export const memorySessionStore = (table: SessionsTable, io: Io): SessionStore => ({
  get: (sessionId) =>
    io('sessions.get', () => {
      const session = table.get(sessionId);
      return session && stored(session);
    }),
  save: (session) =>
    io('sessions.save', () => {
      if ((table.get(session.sessionId)?.version ?? 0) !== session.version - 1) return false;
      table.set(session.sessionId, stored(session));
      return true;
    }),
  remove: (sessionId) => io('sessions.remove', () => void table.delete(sessionId)),
});
