import { hasCardNumber } from '../../lambda/contracts/values/card-number';

describe('what is taken for the number of a card', () => {
  test.each([
    ['Visa', '4242424242424242'],
    ['Visa of 13 digits', '4222222222222'],
    ['Visa of 19 digits', '4000000000000000006'],
    ['Mastercard', '5555555555554444'],
    ['Mastercard of the 2 series', '2223003122003222'],
    ['Mastercard up to 2720', '2720990000000007'],
    ['American Express', '378282246310005'],
    ['JCB', '3566002020360505'],
    ['Diners Club', '30569309025904'],
    ['Diners Club of 36', '36227206271667'],
    ['Discover', '6011111111111117'],
    ['UnionPay', '6200000000000005'],
    ['UnionPay of 19 digits', '6205500000000000004'],
    ['Maestro', '6304000000000000'],
    ['Maestro of 18 digits', '675940000000000002'],
  ])('S3-21 F-23 a number of %s: %s', (_network, text) => expect(hasCardNumber(text)).toBe(true));

  test.each([
    ['blanks', '4242 4242 4242 4242'],
    ['hyphens', '4242-4242-4242-4242'],
    ['two blanks', '4242  4242  4242  4242'],
    ['slashes', '4242/4242/4242/4242'],
    ['underscores', '4242_4242_4242_4242'],
    ['commas', '4242,4242,4242,4242'],
    ['commas and blanks', '4242, 4242, 4242, 4242'],
    ['dots', '4242.4242.4242.4242'],
    ['dashes of Unicode', '4242–4242—4242−4242'],
    ['a Japanese long sound for a dash', '4242ー4242ー4242ｰ4242'],
    ['zero-width spaces', '4242\u200b4242\u200b4242\u200b4242'],
    ['word joiners and soft hyphens', '4242\u20604242\u00ad4242\ufeff4242'],
    ['ideographic spaces', '4242　4242　4242　4242'],
    ['lines', '4242\n4242\r\n4242\n4242'],
    ['single digits', '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2'],
    ['pairs', '42-42-42-42-42-42-42-42'],
    ['brackets', '(4242)[4242]{4242}<4242>'],
    ['a mix', '4242 -/- 4242 * 4242 · 4242'],
    ['full-width digits', '４２４２４２４２４２４２４２４２'],
    ['full-width digits and dashes', '４２４２－４２４２－４２４２－４２４２'],
    ['Arabic digits', '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢'],
    ['Devanagari digits', '४२४२४२४२४२४२४२४२'],
    ['mathematical digits', '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐'],
    ['circled digits', '④②④②④②④②④②④②④②④②'],
    ['keycaps', '4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣'],
    ['words around it', 'my card is 378282246310005, thanks'],
    ['letters at its ends', 'カード4242424242424242です'],
    ['an expiry after it', '4242 4242 4242 4242 12/27'],
    ['a number before it', '12 4242 4242 4242 4242'],
  ])('S3-21 F-23 a card grouped by %s', (_how, text) => expect(hasCardNumber(text)).toBe(true));

  test.each([
    ['a JAN code that passes the card check', '4910000475141'],
    ['a product name with it', 'お茶 500ml JAN 4910000475141'],
    ['another JAN code', '4901234567894'],
    ['an ISBN', '978-4-16-110049-9'],
    ['a UPC code', '036000291452'],
    ['a British bar code that begins like Maestro', '5018374350855'],
    ['a bar code and a size', 'お茶 JAN 4900012346003 500ml'],
    ['a price and a bar code', '@ 450 4900012345686'],
    ['a wrong check digit', '4242424242424241'],
    ['a prefix of no issuer', '1234567812345670'],
    ['a right check digit at a length that the issuer has not', '42424242424242'],
    ['American Express at 16 digits', '3782822463100051'],
    ['twelve digits', '424242424242'],
    ['26 digits', '42424242424242424242424242'],
    ['a Japanese mobile number', '090-1234-5678'],
    ['two phone numbers', '03-1234-5678 / 090-1234-5678'],
    ['an order code', 'ORD-000001'],
    ['a time', '2026-11-21T08:00:00.000Z'],
    ['a parcel number of 12 digits', '4210-0123-4560'],
    ['a parcel number that begins like Maestro', '501800000009'],
    ['a fraction', 'π = 3.14159265358979'],
    ['nothing', ''],
  ])('F-23 %s is none: %s', (_what, text) => expect(hasCardNumber(text)).toBe(false));

  test('F-23 a text of digits and separators is read in a moment', () => {
    const began = Date.now();
    for (const text of ['4 '.repeat(2500), '4'.repeat(5000), '-'.repeat(5000), '٤'.repeat(5000)])
      expect(hasCardNumber(text)).toBe(false);
    expect(Date.now() - began).toBeLessThan(2000);
  });
});
