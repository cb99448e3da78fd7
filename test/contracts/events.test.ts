import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import * as alertEvents from '../../lambda/contracts/events/alert-events';
import * as catalogEvents from '../../lambda/contracts/events/catalog-events';
import { asNewestVersion, withEarlierVersions } from '../../lambda/contracts/events/earlier-versions';
import * as inventoryEvents from '../../lambda/contracts/events/inventory-events';
import * as orderEvents from '../../lambda/contracts/events/order-events';
import * as paymentEvents from '../../lambda/contracts/events/payment-events';
import * as privacyEvents from '../../lambda/contracts/events/privacy-events';
import * as returnEvents from '../../lambda/contracts/events/return-events';
import * as tenantEvents from '../../lambda/contracts/events/tenant-events';
import * as userEvents from '../../lambda/contracts/events/user-events';
import { sealedParts } from '../../lambda/contracts/values/sealed';

type Contract = z.ZodType & { shape: { type: z.ZodLiteral<string> } };

const isContract = (value: unknown): value is z.ZodObject & Contract =>
  value instanceof z.ZodObject && 'specversion' in value.shape;

const contracts = new Map(
  (
    [
      orderEvents,
      inventoryEvents,
      catalogEvents,
      alertEvents,
      paymentEvents,
      privacyEvents,
      returnEvents,
      tenantEvents,
      userEvents,
    ].flatMap((events) => Object.values(events)) as unknown[]
  )
    .filter(isContract)
    .map((contract) => [contract.shape.type.value, contract]),
);

const samples = join(__dirname, 'samples');
const published = readdirSync(samples).map((file) => file.replace('.json', ''));
const isEarlier = (name: string) => [...contracts.keys()].some((type) => withEarlierVersions([type]).indexOf(name) > 0);
const [sampleNames, earlierNames] = [published.filter((name) => !isEarlier(name)), published.filter(isEarlier)];
const sample = (name: string) => JSON.parse(readFileSync(join(samples, `${name}.json`), 'utf8'));
const contractOf = (name: string): Contract => {
  const contract = contracts.get(name);
  if (contract === undefined) throw new Error(`${name} was published once: its contract must stay`);
  return contract;
};

describe('published events', () => {
  test('S3-49 each has a stored sample, and each sample its contract', () => {
    expect([...contracts.keys()].sort()).toEqual([...sampleNames].sort());
  });

  test.each(sampleNames)(
    'S1-31 %s: whatever schema migrations come, the stored sample parses for ever, field by field (P13)',
    (name) => {
      expect(contractOf(name).parse(sample(name))).toEqual(sample(name));
    },
  );

  test.each(earlierNames)('S1-31 %s: an event of before is read as the newest version would state it', (name) => {
    const newest = `${name.split('.')[0]}.v2`;
    const { data, ...envelope } = sample(name);
    const { data: read, ...rest } = contractOf(newest).parse(asNewestVersion(sample(name))) as typeof envelope;
    expect(rest).toEqual({ ...envelope, type: newest });
    const sealed = Object.keys(data).filter((field) => read[field] !== data[field] && typeof data[field] === 'string');
    expect(sealed.length).toBeGreaterThan(0);
    for (const field of sealed) expect(sealedParts(read[field]).content.toString('utf8')).toBe(data[field]);
  });

  test('S1-31 each event of before has its sample', () => {
    expect(earlierNames.sort()).toEqual(
      [...contracts.keys()].flatMap((type) => withEarlierVersions([type]).slice(1)).sort(),
    );
    expect(earlierNames.length).toBeGreaterThan(10);
  });

  test.each(sampleNames)('S2-39 %s: it may say who did it and from which network, never from which address', (name) => {
    const told = { ...sample(name), actor: 'user-1', network: '203.0.113.0/24' };
    expect(contractOf(name).parse(told)).toEqual(told);
    expect(contractOf(name).safeParse({ ...told, network: '203.0.113.77' }).success).toBe(false);
  });

  test.each(sampleNames)('%s: an unknown optional field is ignored', (name) => {
    const { data, ...envelope } = sample(name);
    const later = { ...envelope, added: 1, data: { ...data, added: 1 } };
    expect(contractOf(name).parse(later)).toEqual(sample(name));
  });

  test.each(sampleNames)('%s: its wire shape is the published one', (name) => {
    const file = join(__dirname, 'schemas', `${name}.json`);
    const schema = `${JSON.stringify(z.toJSONSchema(contractOf(name), { io: 'input' }), null, 2)}\n`;
    if (process.env.UPDATE_SCHEMAS) writeFileSync(file, schema);
    expect(JSON.parse(schema)).toEqual(JSON.parse(readFileSync(file, 'utf8'))); // however it is laid out
  });

  test.each([
    ['another tenant in the ID than a tenant', { id: 'Shop A/ORD-000001:1' }],
    ['no tenant', { tenantid: undefined }],
    ['a tenant that could break out of a key', { tenantid: 'shop-a#ORD' }],
    ['another type', { type: 'OrderPlaced.v1' }],
    ['no correlation', { correlationid: '' }],
    ['an order ID that could break out of a key', { data: { ...sample('OrderPlaced.v2').data, orderId: 'ORD-1#x' } }],
    ['lines that do not add up', { data: { ...sample('OrderPlaced.v2').data, subtotal: 6001 } }],
    ['a total that does not add up', { data: { ...sample('OrderPlaced.v2').data, total: 6599 } }],
    [
      'an address that is not sealed',
      { data: { ...sample('OrderPlaced.v2').data, customerEmail: 'taro@example.com' } },
    ],
    ['no lines', { data: { ...sample('OrderPlaced.v2').data, lines: [], subtotal: 0, tax: 0, total: 0 } }],
  ])('an OrderPlaced with %s is no event', (_what, change) => {
    expect(orderEvents.OrderPlaced.safeParse({ ...sample('OrderPlaced.v2'), ...change }).success).toBe(false);
  });
});
