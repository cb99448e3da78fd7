import * as z from 'zod';
import { encodingFault } from './encoding';

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

/** An identifier that is safe in a URL path, a DynamoDB key and a log line. */
export const identifier = (maxLength = 64) =>
  z
    .string()
    .max(maxLength)
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'must be letters, digits, ".", "_" or "-", and start with a letter or digit',
    );

export const ProductId = identifier();
export const CustomerId = identifier();
export const UserId = identifier();
export const TenantId = z
  .string()
  .max(40)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits or "-"');
export const OrderId = z.string().regex(/^ORD-\d{6,12}$/, 'must look like ORD-000001');
export const Email = z.email().max(254);
