import * as z from 'zod';
import { encryption } from '../../lambda/kernel/encryption';
import { exchanged, onlySecret } from '../support/secrets';

const Content = z.object({ redirectUrl: z.string() });
const content = { redirectUrl: 'https://pay.example.com/pi_1' };
const context = 'default/PAY-ORD-000001';

const first = 'first secret of thirty-two characters';
const second = 'second secret of thirty-two characters';

/** As it was stored when the form was introduced. */
const stored =
  'Ug1wYQ04.OfFLfDIHVCFpfMs68wa3g1dvfjRRRECjBSetMJ8aF6x93qVEvQ2LMOj4IAtULsH1Ct_weMQ1LeyFY2zkRwGcY0KIZiV164REDzg';

test('F-16 what is stored encrypted is read for ever, with and without the ID of its key', () => {
  const { decrypt } = encryption(Content, exchanged(second, first));
  expect(decrypt(context, stored)).toEqual(content);
  expect(decrypt(context, stored.slice('Ug1wYQ04.'.length))).toEqual(content);
});

test('F-16 the same content is encrypted differently each time, and read with its own secret alone', () => {
  const { encrypt, decrypt } = encryption(Content, onlySecret(first));
  const [one, other] = [encrypt(context, content), encrypt(context, content)];
  expect(one).not.toBe(other);
  expect([decrypt(context, one), decrypt(context, other)]).toEqual([content, content]);
  expect(encryption(Content, onlySecret(second)).decrypt(context, one)).toBeUndefined();
});

test('F-16 the secret that signs encrypts, also while a newer one is valid already', () => {
  const rotating = encryption(Content, { signing: first, good: [second, first] });
  expect(rotating.encrypt(context, content)).toMatch(/^Ug1wYQ04\./);
  expect(rotating.isCurrent(stored)).toBe(true);
  expect(encryption(Content, exchanged(second, first)).isCurrent(stored)).toBe(false);
});

test.each([
  ['of another context', stored, 'default/PAY-ORD-000002'],
  ['changed', `${stored.slice(0, -2)}AA`, context],
  ['cut off after four bytes of its tag', `Ug1wYQ04.${stored.slice(9, 9 + 22)}`, context],
  ['of an unknown key', stored.replace('Ug1wYQ04', 'AAAAAAAA'), context],
  ['empty', '', context],
])('F-16 an envelope that is %s is not read', (_, envelope, of) => {
  expect(encryption(Content, onlySecret(first)).decrypt(of, envelope)).toBeUndefined();
});

test('F-16 what is no longer understood is as good as unreadable', () => {
  const { decrypt } = encryption(z.object({ another: z.string() }), onlySecret(first));
  expect(decrypt(context, stored)).toBeUndefined();
});
