import { hasCardNumber, refuseCardNumbers } from '../../lambda/kernel/card-number';

test.each([
  '4242424242424242',
  '4242 4242 4242 4242',
  '4242-4242-4242-4242',
  'my card is 378282246310005, thanks',
  '4242 4242 4242 4242 12/27',
  '12 4242 4242 4242 4242',
  '４２４２４２４２４２４２４２４２',
  '6304000000000000',
  '4222222222222',
])('S3-21 takes %s for a card number', (text) => expect(hasCardNumber(text)).toBe(true));

test.each([
  '4242424242424241',
  '424242424242',
  '42424242424242424242424242',
  '090-1234-5678',
  'ORD-000001',
  '2026-11-21T08:00:00.000Z',
  '',
])('S3-21 takes %s for something else', (text) => expect(hasCardNumber(text)).toBe(false));

test('S3-21 names every field that holds one, and never what it holds', () => {
  const body = { reason: 'call 4242424242424242', deep: [{ 'a/b': '5555 5555 5555 4444' }], amount: 1 };
  const refused = refuseCardNumbers(JSON.stringify(body));
  expect(refused).toMatchObject({ status: 400, problem: 'ValidationFailed' });
  expect(refused?.errors?.map(({ pointer }) => pointer)).toEqual(['/reason', '/deep/0/a~1b']);
  expect(JSON.stringify(refused)).not.toMatch(/4242|5555/);
});

test('S3-21 takes product codes and international phone numbers for what they are', () => {
  const items = [{ productId: '4006381333931', productCode: '4006381333931' }];
  expect(refuseCardNumbers(JSON.stringify({ items, phoneNumber: '+4915123456788' }))).toBeUndefined();
});

test('S3-21 a body that is nested without end is not followed for ever', () => {
  expect(refuseCardNumbers(`${'['.repeat(500)}"4242424242424242"${']'.repeat(500)}`)).toBeUndefined();
});
