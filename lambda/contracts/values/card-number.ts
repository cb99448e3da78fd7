/**
 * The prefixes and lengths of card numbers by network. From ISO/IEC 7812 and the networks' publications, as collected
 * in "Payment card number" (Wikipedia, 2026-10) and in Braintree's credit-card-type 10.
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

/** The check of ISO/IEC 7812-1, annex B. */
const passesLuhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
};

/** Whether it is a bar code of 13 digits (EAN, JAN, ISBN). No card in use has 13 digits, since Visa gave them up. */
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

/** Returns the ASCII digit of a decimal digit of any script. Unicode orders them in rows of ten. */
const asciiDigit = (digit: string): string => {
  const codePoint = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (before < 9 && isDigit(codePoint - before - 1)) before += 1;
  return String(before);
};

/** The separators between groups of digits: all but letters and digits, and letters that look like a dash. */
const separators = /(?:[^\p{L}\p{N}]|[\u30fc\u115f\u1160\u3164])+/gu;

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[^\P{Nd}0-9]/gu, asciiDigit)
    .replaceAll(separators, ' ');

/** Removes bar codes, so that a size or price beside one makes no card number. */
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
 * Returns true when a text may contain a payment card number: a known prefix with that network's length and a correct
 * check digit, in digits of any script and in any grouping.
 */
export const hasCardNumber = (text: string): boolean =>
  (withoutBarCodes(folded(text)).match(/\d+(?: \d+)*/g) ?? []).some((run) => hasCardWithin(run.split(' ')));

export const noCardNumber = 'must not contain a card number: give card details only to the payment provider';
