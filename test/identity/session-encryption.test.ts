import { sessionEncryption } from '../../lambda/identity/sessions/session-encryption';
import { exchanged, onlySecret } from '../support/secrets';

const tokens = { idToken: 'id-1', refreshToken: 'refresh-1' };

test('F-16 a session goes on after its secret was exchanged: its tokens open and its CSRF token is taken', () => {
  const before = sessionEncryption(onlySecret('first'));
  const after = sessionEncryption(exchanged('second', 'first'));
  const [encrypted, csrfToken] = [before.encrypt('session-1', tokens), before.csrfToken('session-1')];
  expect(after.decrypt('session-1', encrypted)).toEqual(tokens);
  expect(after.isCsrfToken('session-1', csrfToken)).toBe(true);
  expect(after.csrfToken('session-1')).not.toBe(csrfToken);
  expect(after.isCsrfToken('session-1', after.csrfToken('session-1'))).toBe(true);
});

test('F-16 what was encrypted with a secret that is gone, or for another session, is nothing', () => {
  const before = sessionEncryption(onlySecret('first'));
  const gone = sessionEncryption(exchanged('third', 'second'));
  const [encrypted, csrfToken] = [before.encrypt('session-1', tokens), before.csrfToken('session-1')];
  expect(gone.decrypt('session-1', encrypted)).toBeUndefined();
  expect(gone.isCsrfToken('session-1', csrfToken)).toBe(false);
  expect(before.decrypt('session-2', encrypted)).toBeUndefined();
  for (const wrong of ['', csrfToken.slice(1), undefined]) expect(before.isCsrfToken('session-1', wrong)).toBe(false);
});

test('F-16 what is encrypted while a new secret is not known everywhere opens with the one before', () => {
  const rotating = sessionEncryption({ signing: 'first', good: ['second', 'first'] });
  const old = sessionEncryption(onlySecret('first'));
  expect(old.decrypt('session-1', rotating.encrypt('session-1', tokens))).toEqual(tokens);
});

test('a session that was encrypted before all encrypted texts had one form goes on, also after a rotation', () => {
  const stored = 'AQEBAQEBAQEBAQEB.XVf6TA86ckzkmUSD1TZ1gchpC4MjPGZ6FiMMIoPOrUezRaZWTRswmbRAwR_l.RemLLMEF44U-GwXBrXrvyg';
  expect(sessionEncryption(onlySecret('first')).decrypt('session-1', stored)).toEqual(tokens);
  expect(sessionEncryption(exchanged('second', 'first')).decrypt('session-1', stored)).toEqual(tokens);
  expect(sessionEncryption(onlySecret('second')).decrypt('session-1', stored)).toBeUndefined();
  expect(sessionEncryption(onlySecret('first')).decrypt('session-2', stored)).toBeUndefined();
});
