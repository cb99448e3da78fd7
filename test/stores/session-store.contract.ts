import { randomBytes } from 'node:crypto';
import { newSession, type Session, sidOf } from '../../lambda/identity/sessions/session';
import type { SessionStore } from '../../lambda/identity/sessions/session.store';
import { freshTenant } from './builders';

const opening = { userId: 'user-1', sealed: 'sealed', tokenExpiresAt: '2026-11-21T09:00:00.000Z' };

const opened = (): Session =>
  newSession(
    sidOf(randomBytes(16), randomBytes(32)),
    { ...opening, tenant: freshTenant() },
    new Date('2026-11-21T08:00:00.000Z'),
  );

/** What every store of sessions does. */
export const sessionStoreContract = (kind: string, store: SessionStore): void =>
  describe(`sessions ${kind}`, () => {
    test('S2-32 a session is read as it was written', async () => {
      const session = { ...opened(), loginId: 'login-1', previousHash: 'before' };
      expect(await store.save(session)).toBe(true);
      expect(await store.get(session.sessionId)).toEqual(session);
      expect(await store.get('unknown')).toBeUndefined();
    });

    test('the first of two writes wins, and nothing is written over a session of the same name', async () => {
      const session = opened();
      await store.save(session);
      expect(await store.save({ ...session, userId: 'user-2' })).toBe(false);
      expect(await store.save({ ...session, userId: 'user-2', version: 2 })).toBe(true);
      expect(await store.save({ ...session, userId: 'user-3', version: 2 })).toBe(false);
      expect(await store.get(session.sessionId)).toMatchObject({ userId: 'user-2', version: 2 });
    });

    test('a session that was ended is not brought back by a request that was on its way', async () => {
      const session = opened();
      await store.save(session);
      await store.remove(session.sessionId);
      await store.remove(session.sessionId);
      expect(await store.save({ ...session, version: 2 })).toBe(false);
      expect(await store.get(session.sessionId)).toBeUndefined();
    });
  });
