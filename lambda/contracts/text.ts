import * as z from 'zod';
import { hasCardNumber, noCardNumber } from './card-number';
import { encodingFault } from './encoding';
import './words';

// control characters (SQS and SNS refuse some of them), and the overrides that make text read backwards
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;

/** One line of text as it was accepted once, by whatever rules held then: for events and rows, never for a request. */
export const recordedLine = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed() && !unsafe.test(text), 'must not contain control characters')
    .refine((text) => text.trim() !== '', 'must not be blank');

/** One line of human text: well-formed Unicode, nothing lost of it, no control or direction-override characters, not blank. */
export const line = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !unsafe.test(text), 'must not contain control characters')
    .refine((text) => text.trim() !== '', 'must not be blank')
    .superRefine((text, context) => {
      const message = encodingFault(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });

/**
 * One line that a person writes freely: a name, a reason, a note. Cards are the payment provider's to see, so none may be in it.
 * Names of products are a `line`: they hold bar codes, and only staff write them.
 */
export const freeText = (maxLength: number) =>
  line(maxLength).refine((text) => text.length > maxLength || !hasCardNumber(text), noCardNumber); // too long is refused as it is

const isInternational = (text: string): boolean => /^\s*\+/.test(text) && text.replaceAll(/\D/g, '').length <= 15;

/** As people write it: `+81 90-1234-5678`, `090-1234-5678`. With a plus and up to 15 digits (E.164) it is no card number. */
export const PhoneNumber = line(30).refine(
  (text) => text.length > 30 || isInternational(text) || !hasCardNumber(text),
  noCardNumber,
);

/** Text that is passed on as it is, such as a password, a token or a provider's ID. Well-formed, or it is no JSON later. */
export const opaqueText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** An identifier that is safe in a URL path, a DynamoDB key and a log line. */
export const identifier = (maxLength = 64) =>
  z
    .string()
    .max(maxLength)
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'must be letters, digits, ".", "_" or "-", and start with a letter or digit',
    );

/** A number that the store takes: within 2^53, and not so near to 0 that it has no room for it (DynamoDB: 1E-130). */
export const StoredNumber = z
  .number()
  .min(Number.MIN_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .refine((number) => number === 0 || Math.abs(number) >= 1e-130, 'must be 0 or further from 0 than 1e-130');

export const ProductId = identifier();
export const CustomerId = identifier();
export const UserId = identifier();
export const TenantId = z
  .string()
  .max(40)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits or "-"');
export const OrderId = z.string().regex(/^ORD-\d{6,12}$/, 'must look like ORD-000001');
