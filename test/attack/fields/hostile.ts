import fc from 'fast-check';
import type { Place } from './place';
import { rulesOf, wellFormed } from './well-formed';

/** A kind of value. `texts` is how it stands in a JSON text, which can say more than a JavaScript value can. */
export type Kind = {
  readonly name: string;
  readonly texts: fc.Arbitrary<string>;
  /** Nobody may take it, whatever the contract says. @default the contract decides */
  readonly refused?: boolean;
};

const json = (values: fc.Arbitrary<unknown>): fc.Arbitrary<string> => values.map((value) => JSON.stringify(value));

/** A piece of text somewhere in other text. */
const within = (...pieces: string[]): fc.Arbitrary<string> =>
  json(
    fc
      .tuple(fc.string({ maxLength: 4 }), fc.constantFrom(...pieces), fc.string({ maxLength: 4 }))
      .map((parts) => parts.join('')),
  );

const of = (...values: unknown[]): fc.Arbitrary<string> => json(fc.constantFrom(...values));
const raw = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

/** Test numbers of every brand and length, each with its right check digit. */
export const cardNumbers = [
  '4222222222222',
  '30569309025904',
  '378282246310005',
  '4242424242424242',
  '5555555555554444',
  '3566002020360505',
  '6011111111111117',
  '6362970000457013',
  '4000000000000000006',
];

const wide = (text: string) => text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

const written: readonly ((card: string) => string)[] = [
  (card) => card,
  (card) => card.replaceAll(/(.{4})(?=.)/g, '$1 '),
  (card) => card.replaceAll(/(.{4})(?=.)/g, '$1-'),
  (card) => card.replaceAll(/(.{4})(?=.)/g, '$1  '),
  (card) => card.replaceAll(/(.{4})(?=.)/g, '$1\u200b'),
  (card) => card.replaceAll(/(.{4})(?=.)/g, '$1/'),
  (card) => `card: ${card}, please`,
  wide,
];

/** A card number as people write it. */
export const cards = fc
  .tuple(fc.constantFrom(...cardNumbers), fc.constantFrom(...written))
  .map(([card, write]) => write(card));

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** What is hostile whatever a place is for. */
const everywhere: readonly Kind[] = [
  {
    name: 'another type',
    texts: of(null, true, false, 0, 7, 'text', [], {}, [[]], [null], { S: 'x' }, { toString: 1 }),
  },
  { name: 'deep nesting', texts: raw(deep(500), deep(5000), deepObject(500), deepObject(5000)) },
  { name: 'half a surrogate pair', texts: within('\ud800', '\udfff', '\udc00\ud800'), refused: true },
  { name: 'a character that was lost', texts: within('\ufffd'), refused: true },
  { name: 'control characters', texts: within('\u0000', '\u0001', '\u001b[31m', '\r\n', '\u007f', '\u0085', '\ufffe') },
  { name: 'direction', texts: within('\u202e', '\u2066', '\u200f', '\u061c') },
  { name: 'invisible characters', texts: within('\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u115f', '\u2800') },
  { name: 'only blanks', texts: of('', ' ', '\u3000', '\u00a0', '\u200b', '\u2028') },
  {
    name: 'combining marks',
    texts: json(
      fc
        .tuple(fc.constantFrom('e', 'あ', '𐐷'), fc.integer({ min: 20, max: 400 }))
        .map(([one, n]) => one + '\u0301'.repeat(n)),
    ),
  },
  { name: 'look-alikes', texts: of('PRОD-001', 'аdmin', 'ЈР', 'ＪＰＹ', 'ſtaff', 'taro@еxample.com', 'K', 'ﬀ') },
  {
    name: 'injection',
    texts: within(
      '\u0024{jndi:ldap://x/a}',
      '{{7*7}}',
      '<script>alert(1)</script>',
      "' OR 1=1--",
      '$(id)',
      '%s%n',
      '{"$gt":""}',
    ),
  },
  { name: 'a formula', texts: of('=cmd|calc!A1', '+1+1', '-2+3', '@SUM(1)', '\t=1', "'1000", '＝1+1') },
  {
    name: 'a path',
    texts: of('../../etc/passwd', '..\\..\\x', '%2e%2e%2f', '/etc/passwd', 'file:///etc/passwd', 'a/b', 'x%00'),
  },
  {
    name: "another's key",
    texts: of('shop-b#PROD-001', '#SETTINGS', 'default#ORD-000001', 'ORD-000001#x', '#STOREFRONT#x'),
  },
  { name: 'a name of a prototype', texts: of('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty') },
  { name: 'a card number', texts: json(cards) },
  {
    name: 'far too long',
    texts: json(
      fc
        .tuple(fc.constantFrom('x', '語', '🗼', '9', ' '), fc.integer({ min: 3000, max: 9000 }))
        .map(([one, n]) => one.repeat(n)),
    ),
  },
  {
    name: 'a number as text',
    texts: of('1', '1.0', '1e3', '0x10', '１', 'NaN', 'Infinity', '1,000', ' 1', '-1', '1_000', '٣'),
  },
  {
    name: 'a number beyond',
    texts: raw(
      '1e999',
      '-1e999',
      '-0',
      '9007199254740993',
      '-9007199254740993',
      '1e-400',
      '1e-131',
      '0.30000000000000004',
      '1E2',
      '1.5',
      '-1',
      '0',
      '100000000000000000000',
    ),
  },
  {
    name: 'a code',
    texts: of('ZZZ', 'xx', 'jpy ', 'null', 'undefined', '[object Object]', 'true', 'PENDING\n', 'admin,staff'),
  },
];

/** Two texts for one, of which JSON keeps the last; and fields that nobody has asked for. */
const ofObjects: readonly Kind[] = [
  {
    name: 'an unknown field',
    texts: json(
      fc
        .constantFrom('tenant', 'tenantId2', 'isAdmin', 'constructor', 'x'.repeat(300), '', '\u202e')
        .map((name) => ({ [name]: 1 })),
    ),
  },
  {
    name: 'the prototype',
    texts: raw('{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"x":1}}}', '{"\\u005f_proto__":1}'),
  },
  {
    name: 'many fields',
    texts: json(
      fc
        .integer({ min: 200, max: 5000 })
        .map((count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]))),
    ),
  },
  {
    name: 'many members',
    texts: json(fc.integer({ min: 51, max: 3000 }).map((count) => Array.from({ length: count }, () => ({})))),
  },
];

const repeated = (most: number): Kind => ({
  name: 'too long by one',
  texts: json(fc.constantFrom('a', '1', 'あ', 'A').map((one) => one.repeat(most + 1))),
});

/** Just beyond what the contract of a place says. */
const beyond = ({ schemas }: Place): Kind[] =>
  schemas.flatMap((schema) => {
    const { maxLength, minLength, minimum, maximum } = rulesOf(schema);
    return [
      ...(typeof maxLength === 'number' ? [repeated(maxLength)] : []),
      ...(typeof minLength === 'number' && minLength > 1
        ? [{ name: 'too short by one', texts: of('a'.repeat(minLength - 1)) }]
        : []),
      ...(typeof minimum === 'number' ? [{ name: 'too small by one', texts: of(minimum - 1) }] : []),
      ...(typeof maximum === 'number' && maximum < 2 ** 53
        ? [{ name: 'too large by one', texts: of(maximum + 1) }]
        : []),
    ];
  });

const byName = (kinds: readonly Kind[]): Kind[] => [...new Map(kinds.map((kind) => [kind.name, kind])).values()];

/** Everything hostile that is sent in a place. */
export const hostileKinds = (place: Place): Kind[] =>
  byName([...everywhere, ...beyond(place), ...(place.schemas.length === 0 ? ofObjects : [])]);

const longest = (place: Place): Kind[] =>
  place.schemas.flatMap((schema) => {
    const { maxLength } = rulesOf(schema);
    if (typeof maxLength !== 'number') return [];
    const full = ['a', '1', 'A', 'あ'].map((one) => one.repeat(maxLength));
    return [{ name: 'the longest', texts: of(...full) }];
  });

const extremes = ({ schemas }: Place): Kind[] =>
  schemas.flatMap((schema) => {
    const { minimum, maximum } = rulesOf(schema);
    const ends = [minimum, maximum].filter((one) => typeof one === 'number');
    return ends.length === 0 ? [] : [{ name: 'the least and the most', texts: of(...ends) }];
  });

/** Everything well-formed that is sent in a place. */
export const wellFormedKinds = (place: Place): Kind[] => {
  const [first, ...others] = place.schemas.map((schema) => json(wellFormed(schema)));
  if (first === undefined) return [];
  return byName([{ name: 'what fits', texts: fc.oneof(first, ...others) }, ...longest(place), ...extremes(place)]);
};
