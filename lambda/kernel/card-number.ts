import type { ProblemAnswer } from './answer';

const passesLuhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
};

/** Groups of digits as people write card numbers: with single blanks, hyphens or dots between them. */
const groupedDigits = /\d+(?:[ .\-\u2010-\u2015]\d+)*/g;

const hasCardWithin = (groups: readonly string[]): boolean =>
  groups.some((_, start) => {
    let digits = '';
    for (const group of groups.slice(start)) {
      digits += group;
      if (digits.length > 19) return false;
      if (digits.length >= 13 && passesLuhn(digits)) return true;
    }
    return false;
  });

/** Whether a text has what may be the number of a card: 13 to 19 digits, however grouped, with a right check digit. */
export const hasCardNumber = (text: string): boolean =>
  (text.normalize('NFKC').match(groupedDigits) ?? []).some((run) => hasCardWithin(run.match(/\d+/g) ?? []));

/** Names that stand for themselves: product codes look like card numbers now and then. */
const exempt: readonly string[] = ['productId', 'productCode'];

const isPhoneNumber = (name: string, text: string) => name === 'phoneNumber' && text.startsWith('+');

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

const maxDepth = 20;

/** Where in a JSON value there is a card number. */
const pointersTo = (value: unknown, pointer: string, name: string): string[] => {
  if (typeof value === 'string')
    return hasCardNumber(value) && !exempt.includes(name) && !isPhoneNumber(name, value) ? [pointer] : [];
  if (typeof value !== 'object' || value === null || pointer.split('/').length > maxDepth) return [];
  return Object.entries(value).flatMap(([key, member]) => pointersTo(member, `${pointer}/${escaped(key)}`, key));
};

/**
 * Refuses a JSON body that holds a card number in any of its strings, naming the fields and never what they hold. Cards are
 * the payment provider's to see, never ours.
 */
export const refuseCardNumbers = (json: string): ProblemAnswer | undefined => {
  const pointers = pointersTo(JSON.parse(json), '', '');
  if (pointers.length === 0) return undefined;
  const errors = pointers
    .slice(0, 100)
    .map((pointer) => ({ pointer, detail: 'must not contain the number of a card: only the provider may see that' }));
  return { status: 400, problem: 'ValidationFailed', detail: 'The body has a card number in it.', errors };
};
