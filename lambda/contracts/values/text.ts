import * as z from 'zod';
import { encodingFault } from '../files/encoding';
import { hasCardNumber, noCardNumber } from './card-number';
import './words';

// control characters, of which SQS and SNS refuse some, and overrides that reverse the direction of text
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;

const nothingSeen = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u; // U+2800 is a Braille cell without dots

/** Whether a text has a character that people see. */
export const isVisible = (text: string): boolean => !nothingSeen.test(text);

/** One line of text that was accepted before, perhaps by older rules. For events and rows, never for requests. */
export const recordedLine = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed() && !unsafe.test(text), 'must not contain control characters')
    .refine((text) => text.trim() !== '', 'must not be blank');

/** One line of human text: well-formed Unicode without U+FFFD, control or direction-override characters, not blank. */
export const line = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !unsafe.test(text), 'must not contain control characters')
    .refine(isVisible, 'must not be blank')
    .superRefine((text, context) => {
      const message = encodingFault(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });

/**
 * One line that a person writes freely: a name, a reason, a note. Card numbers are refused, since only the payment
 * provider may see them. Product names are a `line`, because they may have bar codes and only staff writes them.
 */
export const freeText = (maxLength: number) =>
  line(maxLength).refine((text) => text.length > maxLength || !hasCardNumber(text), noCardNumber);

const isInternational = (text: string): boolean => /^\s*\+/.test(text) && text.replaceAll(/\D/g, '').length <= 15;

/**
 * A phone number such as `+81 90-1234-5678` or `090-1234-5678`. A plus with up to 15 digits (E.164) is no card number.
 */
export const PhoneNumber = line(30).refine(
  (text) => text.length > 30 || isInternational(text) || !hasCardNumber(text),
  noCardNumber,
);

/** Text that is passed on unchanged, such as a password, a token or a provider's ID. Well-formed, to be valid JSON. */
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

/** A number that the store accepts: within 2^53, and 0 or at least 1E-130 from 0 (DynamoDB's limit). */
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
