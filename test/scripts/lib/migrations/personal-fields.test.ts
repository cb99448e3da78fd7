import * as z from 'zod';
import { AnyEvent } from '../../../../lambda/contracts/events/event';
import { SealedText } from '../../../../lambda/contracts/values/sealed';
import { personalOf, personalRows } from '../../../../scripts/lib/migrations/personal-fields';
import { tables } from '../../../support/dynamodb/tables';
import { namedFields, partsOf } from '../../../support/named-fields';

type Schema = z.core.$ZodType;

const isSealedText = (schema: Schema): boolean =>
  (schema instanceof z.ZodString && schema.safeParse('plain.YQ').success && !schema.safeParse('plain').success) ||
  partsOf(schema).some(isSealedText);

const sealedInEvents = namedFields().flatMap(({ path, name, schema }) => {
  const [, event] = /^(\w+)\.data\.\w+$/.exec(path) ?? [];
  return event !== undefined && isSealedText(schema) ? [[event, name] as const] : [];
});

test('a sealed field is known by its pattern', () => {
  expect([isSealedText(SealedText.optional()), isSealedText(AnyEvent.shape.subject)]).toEqual([true, false]);
  expect(sealedInEvents).toContainEqual(['OrderPlaced', 'customerEmail']);
});

test.each(sealedInEvents)('S1-31 the migration seals %s.%s in archived events', (event, field) => {
  const about = { orderId: 'ORD-000001', userId: 'u-1' };
  const { subject, fields = [] } = personalOf(`${event}.v1`, about) ?? {};
  expect(fields).toContain(field);
  expect(subject).toBe(event.startsWith('User') ? 'user~u-1' : 'order~ORD-000001');
});

test('an event that does not say whom it is about is left alone, as one is of which nothing is sealed', () => {
  expect(personalOf('OrderPlaced.v1', {})).toBeUndefined();
  expect(personalOf('StockReserved.v1', { orderId: 'ORD-000001' })).toBeUndefined();
});

const copied = { reason: ['return'], customerEmail: ['order', 'return'] };

test('S1-31 what is sealed of events is sealed of the rows that they are made from', () => {
  for (const [field, services] of Object.entries(copied))
    for (const service of services)
      expect(Object.values(personalRows.find((rows) => rows.service === service)?.fields ?? {})).toContain(field);
  const ofEvents = new Set(sealedInEvents.map(([, field]) => field));
  const ofRows = personalRows.flatMap(({ fields }) => Object.values(fields));
  expect([...ofEvents].filter((field) => !ofRows.includes(field))).toEqual([]);
});

test('S1-31 every field for contact, delivery or an account that docs/personal-data.md lists is sealed in rows', () => {
  const marked = namedFields()
    .filter(({ use, within }) => within === undefined && ['contact', 'delivery', 'account'].includes(use ?? ''))
    .map(({ name }) => name);
  const ofRows = personalRows.flatMap(({ fields }) => Object.values(fields));
  expect([...new Set(marked)].filter((name) => !ofRows.includes(name))).toEqual([]);
});

test('every table has the key that is said of it', () => {
  for (const { table, key } of personalRows) {
    const { partition, sort }: { partition: readonly string[]; sort?: readonly string[] } =
      tables[table as keyof typeof tables];
    expect([table, key]).toEqual([table, [partition[0], ...(sort === undefined ? [] : [sort[0]])]]);
  }
});
