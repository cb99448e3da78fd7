import * as z from 'zod';
import { personal, personalUse } from '../../lambda/contracts/values/personal';
import { line } from '../../lambda/contracts/values/text';
import { type NamedField, namedFields, partsOf } from '../support/named-fields';

/** The strings that a field takes, however they are wrapped. */
const stringsOf = (schema: z.core.$ZodType): z.core.$ZodType[] => {
  if (schema instanceof z.ZodObject) return [];
  return schema._zod.def.type === 'string' ? [schema] : partsOf(schema).flatMap(stringsOf);
};

/** Text that may be anything: no enumeration, and no pattern that it must match. */
const isFree = (text: z.core.$ZodType): boolean => 'format' in text && text.format === null;

const aboutPeople = /e-?mail|phone|address|network|recipient|kana|^(first|last|full|display)Name$/i;

const looksPersonal = ({ name, schema }: Pick<NamedField, 'name' | 'schema'>): boolean =>
  stringsOf(schema).some((text) => isFree(text) || aboutPeople.test(name));

/** Text that is never about a customer, by the field's name. */
const impersonal: Readonly<Record<string, readonly string[]>> = {
  'made by this system or by a provider, and says nothing by itself': [
    ...['externalPaymentId', 'refundId', 'refundIds', 'disputeId', 'movementId', 'imageId', 'billingId', 'messageId'],
    ...['eventId', 'cursor', 'nextCursor', 'trackingToken', 'X-Tracking-Token', 'trackingTokenHash', 'mismatches'],
    ...['correlationId', 'correlationid', 'causationId', 'causationid', 'traceparent', 'subject', 'redirectUrl'],
    ...['Stripe-Signature', 'Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature', 'fields', 'build'],
  ],
  'a secret: it is hashed or encrypted, or not stored at all': [
    ...['password', 'idToken', 'refreshToken', 'token', 'secret', 'uri', 'csrfToken', 'X-CSRF-Token', 'clientSecret'],
    ...['storefrontKey'],
  ],
  'one of a few words, checked in another way': [
    ...['state', 'status', 'severity', 'currency', 'seenCurrency', 'paymentMethod', 'payment_method', 'event', 'what'],
    ...['kind', 'fact', 'consumer', 'sourceQueue', 'eventType', 'Accept-Language', 'Prefer', 'unavailable'],
  ],
  'the shop’s words about its goods': ['productName', 'warehouseCode', 'description', 'warnings', 'column'],
  'the system’s words about what went wrong': [
    ...['error', 'detail', 'pointer', 'message', 'failureReason', 'errorName', 'errorMessage'],
  ],
};
const neverPersonal = new Set(Object.values(impersonal).flat());

/** Text whose name says too little: what it is where. */
const known: readonly [path: RegExp, what: string][] = [
  [/\.(items|lines|shortage)\.name$|^OrderLine\.name$/, 'of a product, or of whatever the list has'],
  [/Order\w*( answer)?\.name$|\.orders\.name$/, 'of the first product'],
  [/Product\w*(\.data)?\.name$|^\w*Product\w* (request|answer)\.name$|^productFields\.name$/, 'of a product'],
  [/Category\w*\.name$|^\w*Category\w* (request|answer)\.name$|Categor\w+\.name$/, 'of a category'],
  [/Tenant\w*(\.data)?\.name$|^\w*Tenant\w* (request|answer)\.name$/, 'of a shop'],
  [/[dD]ispute\w*(\.data)?\.reason$/, 'the bank’s code'],
];

const isKnown = ({ name, path }: NamedField): boolean =>
  neverPersonal.has(name) || known.some(([pattern]) => pattern.test(path));

const fields = namedFields();

test('B-20 every text of a contract that may be about a person is marked as personal', () => {
  const unmarked = fields.filter((field) => field.use === undefined && looksPersonal(field) && !isKnown(field));
  expect([...new Set(unmarked.map(({ path }) => path))]).toEqual([]);
});

test('B-20 nothing is said of texts that no contract has', () => {
  const names = new Set(fields.map(({ name }) => name));
  expect([...neverPersonal].filter((name) => !names.has(name))).toEqual([]);
  expect(known.filter(([pattern]) => !fields.some(({ path }) => pattern.test(path)))).toEqual([]);
});

test('B-20 a field is found without its mark, however it is wrapped', () => {
  for (const wrapped of [line(20), line(20).optional(), z.array(line(20)), line(20).nullable().default(null)])
    expect(looksPersonal({ name: 'memo', schema: wrapped })).toBe(true);
  expect(looksPersonal({ name: 'site', schema: z.url() })).toBe(false);
  expect(looksPersonal({ name: 'email', schema: z.email().optional() })).toBe(true);
  expect(looksPersonal({ name: 'emailVerified', schema: z.boolean() })).toBe(false);
});

test('a mark changes neither what is accepted nor what else is known of a schema', () => {
  const schema = line(5).meta({ examples: ['花子'] });
  const marked = personal('contact', schema);
  expect([personalUse(marked), personalUse(schema)]).toEqual(['contact', undefined]);
  expect(marked.meta()).toEqual({ examples: ['花子'] });
  expect([marked.safeParse('花子').success, marked.safeParse('too long').success]).toEqual([true, false]);
});
