import * as z from 'zod';
import { QuickOrderQuery } from '../../lambda/contracts/api/order-api';
import { page } from '../../lambda/contracts/api/page';
import { RequestRefundRequest } from '../../lambda/contracts/api/payment-api';
import { CountryCode, countryCodes } from '../../lambda/contracts/values/country';
import { Currency, currencies } from '../../lambda/contracts/values/money';

type JsonSchema = Record<string, unknown>;

/** A local part as RFC 5321 has it, quoted or not, and a domain of at least two labels, in ASCII or Unicode. */
const emailPattern = (): string => {
  const other = '\\u00a1-\\u167f\\u1681-\\u1fff\\u2070-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff'; // letters of other scripts, without spaces
  const letter = `A-Za-z0-9${other}`;
  const label = `[${letter}](?:[${letter}-]{0,61}[${letter}])?`;
  const local = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]";
  return `^(?:"${local}{1,62}"|${local}{1,64})@(?:${label}\\.)+[A-Za-z${other}](?:[${letter}-]{0,61}[${letter}])?$`;
};

/** Control characters, marks of direction and lost characters, as members of a class. */
const unsafe = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufffd-\\uffff';

/** One line that has none of these and is not blank. */
const visibleLine = `[^${unsafe}]*[^\\s${unsafe}][^${unsafe}]*`;

/** What a refinement says, by its message, as far as JSON Schema can say it too. */
const byMessage: Readonly<Record<string, JsonSchema>> = {
  'must not contain control characters': { pattern: `^${visibleLine}$` }, // and not blank: these two go together
  'must not contain control characters or blank lines of spaces': {
    pattern: `^(?:\\r?\\n)*${visibleLine}(?:\\r?\\n(?:${visibleLine})?)*$`,
  },
  'must not name the same product twice': { uniqueItems: true },
  'must not name a category twice': { uniqueItems: true },
  'must not name the same role twice': { uniqueItems: true },
  'productId is missing': { anyOf: [{ required: ['productId'] }, { required: ['sku'] }] },
  'must be an e-mail address such as hanako@example.com': { pattern: emailPattern() },
  'must be sent with another currency': { dependentRequired: { currency: ['price'] } },
  'send either "acknowledged": true or "state": "RESOLVED"': {
    oneOf: [{ required: ['acknowledged'] }, { required: ['state'] }],
  },
  'must be sent with customerEmail, and customerEmail with orderId': {
    dependentRequired: { orderId: ['customerEmail'], customerEmail: ['orderId'], tenantId: ['userId'] },
  },
  'must not be 0': { not: { const: 0 } },
  'is in percent: 10 means 10 %': { not: { exclusiveMinimum: 0, exclusiveMaximum: 1 } },
  'is required': { anyOf: [{ required: ['productId'] }, { required: ['productCode'] }] },
  'is another name for productId: send one of them': {
    oneOf: [{ required: ['productId'] }, { required: ['productCode'] }],
    anyOf: undefined, // said by that
  },
};

/** `^(?:[Aa][DdEe…]|…)$`: one of the codes, in upper or lower case. */
const countryPattern = (): string => {
  const byFirst = new Map<string, string>();
  for (const [first = '', second = ''] of countryCodes)
    byFirst.set(first, `${byFirst.get(first) ?? ''}${second}${second.toLowerCase()}`);
  return `^(?:${[...byFirst].map(([first, seconds]) => `[${first}${first.toLowerCase()}][${seconds}]`).join('|')})$`;
};

/** What the translation of one schema leaves out. */
const bySchema: readonly (readonly [z.ZodType, JsonSchema])[] = [
  [Currency, { enum: currencies }],
  [CountryCode, { pattern: countryPattern() }],
  [RequestRefundRequest, { oneOf: [{ required: ['amount'] }, { required: ['lines'] }] }],
  [QuickOrderQuery.shape.quantity, { type: 'integer', minimum: 1, maximum: 9999 }],
  [page.cursor.unwrap(), { pattern: '^[\\w-]+\\.[\\w-]{43}$' }],
];

/** `^(?:[Pp][Ee]…)$`: one of these, in upper or lower case. */
const inEitherCase = (options: readonly unknown[]): string =>
  `^(?:${options.map((option) => String(option).replace(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`)).join('|')})$`;

const messagesOf = (schema: z.core.$ZodType): string[] =>
  (schema._zod.def.checks ?? []).flatMap(({ _zod: { def } }) => {
    const said = (def.error as (() => unknown) | undefined)?.();
    return typeof said === 'string' ? [said] : [];
  });

/** At least one field besides the version that a change is meant for. */
const oneChange = (schema: z.core.$ZodType): JsonSchema => {
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return { anyOf: fields.filter((name) => name !== 'expectedVersion').map((name) => ({ required: [name] })) };
};

/** Returns what a request’s schema says beyond its translation: refinements, one of several fields, either case. */
export const rulesOf = (schema: z.core.$ZodType): JsonSchema => {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  const cases =
    def.type === 'pipe' && def.out instanceof z.ZodEnum
      ? { examples: def.out.options, pattern: inEitherCase(def.out.options) }
      : {};
  const refined = messagesOf(schema).map((message) =>
    message === 'must change something' ? oneChange(schema) : (byMessage[message] ?? {}),
  );
  const own = bySchema.filter(([known]) => known === schema).map(([, rules]) => rules);
  return Object.assign({}, cases, ...refined, ...own);
};
