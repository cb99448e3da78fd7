import { sessionEncryption } from '../../lambda/identity/sessions/session-encryption';
import { exchanged, onlySecret } from '../support/secrets';

const tokens = { idToken: 'id-1', refreshToken: 'refresh-1' };
const nonce = Buffer.alloc(12, 1);

test('F-16 a session goes on after its secret was exchanged: its tokens open and its CSRF token is taken', () => {
  const before = sessionEncryption(onlySecret('first'));
  const after = sessionEncryption(exchanged('second', 'first'));
  const [sealed, csrfToken] = [before.seal('session-1', tokens, nonce), before.csrfToken('session-1')];
  expect(after.open('session-1', sealed)).toEqual(tokens);
  expect(after.isCsrfToken('session-1', csrfToken)).toBe(true);
  expect(after.csrfToken('session-1')).not.toBe(csrfToken);
  expect(after.isCsrfToken('session-1', after.csrfToken('session-1'))).toBe(true);
});

test('F-16 what was sealed with a secret that is gone, or for another session, is nothing', () => {
  const before = sessionEncryption(onlySecret('first'));
  const gone = sessionEncryption(exchanged('third', 'second'));
  const [sealed, csrfToken] = [before.seal('session-1', tokens, nonce), before.csrfToken('session-1')];
  expect(gone.open('session-1', sealed)).toBeUndefined();
  expect(gone.isCsrfToken('session-1', csrfToken)).toBe(false);
  expect(before.open('session-2', sealed)).toBeUndefined();
  for (const wrong of ['', csrfToken.slice(1), undefined]) expect(before.isCsrfToken('session-1', wrong)).toBe(false);
});

test('F-16 what is sealed while a new secret is not known everywhere opens with the one before', () => {
  const rotating = sessionEncryption({ signing: 'first', good: ['second', 'first'] });
  const old = sessionEncryption(onlySecret('first'));
  expect(old.open('session-1', rotating.seal('session-1', tokens, nonce))).toEqual(tokens);
});
