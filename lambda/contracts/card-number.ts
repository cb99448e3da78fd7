/**
 * The numbers of issuers' cards: how they begin and how long they are. From ISO/IEC 7812 and what the networks publish, as
 * collected in "Payment card number" (Wikipedia, 2026-10) and in Braintree's credit-card-type 10.
 */
const networks: readonly (readonly [name: string, prefix: RegExp, lengths: readonly number[]])[] = [
  ['Visa', /^4/, [13, 16, 18, 19]],
  ['Mastercard', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  ['American Express', /^3[47]/, [15]],
  ['JCB', /^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  ['Diners Club', /^3(?:0[0-5]|095|[689])/, [14, 15, 16, 17, 18, 19]],
  ['Discover', /^6(?:011|4[4-9]|5)/, [16, 17, 18, 19]],
  ['UnionPay', /^(?:62|81[0-7])/, [16, 17, 18, 19]],
  ['Maestro', /^(?:5018|5020|5038|5[678]|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
  ['Mir', /^220[0-4]/, [16, 17, 18, 19]],
  ['RuPay', /^(?:508[5-9]|60[6-8]|8[12])/, [16]],
  ['Verve', /^(?:506[01]|507[89])/, [16, 18, 19]],
  ['Troy', /^9792/, [16]],
  ['InterPayment', /^63[6-9]/, [16, 17, 18, 19]],
];

const shortest = 13;
const longest = 19;

/** ISO/IEC 7812-1, annex B. */
const passesLuhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
};

/** A bar code of 13 digits (EAN, JAN, ISBN) with a right check digit. No card in use is as short: Visa gave up 13 digits. */
const isBarCode = (digits: string): boolean => {
  if (digits.length !== 13) return false;
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
};

const isCardNumber = (digits: string): boolean =>
  networks.some(([, prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) &&
  passesLuhn(digits) &&
  !isBarCode(digits);

const isDigit = (codePoint: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));

/** 0 to 9 of a decimal digit of any script: Unicode has them in rows of ten, in order. */
const asciiDigit = (digit: string): string => {
  const codePoint = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (before < 9 && isDigit(codePoint - before - 1)) before += 1;
  return String(before);
};

/** What may stand between the groups of a number: whatever is no letter and no digit, and letters that look like a dash. */
const separators = /(?:[^\p{L}\p{N}]|[\u30fc\u115f\u1160\u3164])+/gu;

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[^\P{Nd}0-9]/gu, asciiDigit)
    .replaceAll(separators, ' ');

/** A bar code is no group of a card: a size or a price beside it makes none of it. */
const withoutBarCodes = (text: string): string =>
  text.replaceAll(/\d+/g, (digits) => (isBarCode(digits) ? ';' : digits));

const hasCardWithin = (groups: readonly string[]): boolean =>
  groups.some((_, start) => {
    let digits = '';
    for (const group of groups.slice(start, start + longest)) {
      digits += group;
      if (digits.length > longest) return false;
      if (digits.length >= shortest && isCardNumber(digits)) return true;
    }
    return false;
  });

/**
 * Returns true when a text contains what may be the number of a payment card: a known issuer's prefix, at that issuer's length,
 * with a right check digit, in digits of any script and however grouped.
 */
export const hasCardNumber = (text: string): boolean =>
  (withoutBarCodes(folded(text)).match(/\d+(?: \d+)*/g) ?? []).some((run) => hasCardWithin(run.split(' ')));

export const noCardNumber = 'must not contain a card number: give card details only to the payment provider';
