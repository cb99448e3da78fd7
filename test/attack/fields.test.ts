import fc from 'fast-check';
import { runs } from '../support/property';
import { chosen } from './cases';
import { cards } from './fields/hostile';
import { type Place, places } from './fields/place';
import { accepts, wellFormed } from './fields/well-formed';

const taken = ({ schemas }: Place, value: unknown) => schemas.some((schema) => accepts(schema, value));

test('every field of every request takes what is made for it', () => {
  for (const schema of places().flatMap(({ schemas }) => schemas))
    fc.assert(
      fc.property(wellFormed(schema), (value) => accepts(schema, value)),
      runs(20),
    );
});

/** What may have the digits of a card: bar codes of products, and what is passed on as it is. */
const mayHoldCards =
  /body\/(items\/0\/name|name|description|password|refreshToken|idToken|productId|productCode|sku|categoryId|customerId|userId|tenantId|lines\/0\/productId|items\/0\/product(Id|Code)|categories\/0)$/;

test('P14 no field takes a card number, but names of products, identifiers and secrets', () => {
  const fields = places().filter(({ name, part }) => part === 'body' && !mayHoldCards.test(name));
  const takers = new Set<string>();
  for (const card of fc.sample(cards, runs(200)))
    for (const place of fields) if (taken(place, card)) takers.add(place.name);
  expect([...takers]).toEqual([]);
});

test('P15 no field of a body takes control characters, but secrets', () => {
  const texts = ['\u0000', 'a\u0000b', '\u001b[31m', '\u202ea'];
  const takers = places().filter((place) => place.part === 'body' && texts.some((text) => taken(place, text)));
  expect(takers.map(({ name }) => name).filter((name) => !/(password|refreshToken|idToken)$/.test(name))).toEqual([]);
});

test('a sample has the same cases for the same seed, whatever else there is', () => {
  const all = Array.from({ length: 1000 }, (_, n) => ({ name: `case ${n}` }));
  const short = { seed: 7, short: true };
  expect(chosen(all, short, 100)).toHaveLength(100);
  expect(chosen([...all].reverse(), short, 100)).toEqual(chosen(all, short, 100));
  expect(chosen(all, { ...short, match: 'case 999' }, 100)).toEqual([{ name: 'case 999' }]);
});
