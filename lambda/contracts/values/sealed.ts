import * as z from 'zod';
import { type PersonalUse, personal } from './personal';

const sealedPattern = /^(?:sealed\.[A-Za-z0-9_~-]{1,160}\.\d{1,4}|plain)\.[A-Za-z0-9_-]+$/;
const maxSealed = 16_384;

/**
 * Text about a person, encrypted under a key of that person or order: `sealed.<keys>.<number>.<ciphertext>`, where
 * `<keys>` names a row of the table of keys. It is unreadable once the key is destroyed. Text from before there were
 * keys is `plain.<text>`, both in base64url.
 */
export const SealedText = z.string().max(maxSealed).regex(sealedPattern).brand('Sealed');
export type Sealed = z.output<typeof SealedText>;

/** Declares a field of an event with sealed text, for a personal use. */
export const sealed = (use: PersonalUse) => personal(use, SealedText);

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** Returns text from before sealing in the form of sealed text. */
export const unsealed = (text: string): Sealed => `plain.${encode(text)}` as Sealed;

/** Parses a stored text that may be from before sealing. */
export const StoredSealed = z.string().transform((text): Sealed => {
  const { data } = SealedText.safeParse(text);
  return data ?? unsealed(text);
});

/** Identifies a key of the table: a row of one or several keys, and the key's number in it. */
export type KeyRef = { readonly keys: string; readonly number: number };

/** The parts of a sealed text. `ref` is undefined when it is from before sealing. */
export type SealedParts = { readonly ref: KeyRef | undefined; readonly content: Buffer };

/** Returns the parts of a sealed text. Throws when it is not one. */
export const sealedParts = (text: Sealed): SealedParts => {
  const [form, ...parts] = SealedText.parse(text).split('.');
  const content = Buffer.from(parts.at(-1) ?? '', 'base64url');
  if (form === 'plain') return { ref: undefined, content };
  return { ref: { keys: parts[0] ?? '', number: Number(parts[1]) }, content };
};

/** Returns the sealed text of its parts. */
export const sealedText = ({ keys, number }: KeyRef, content: Buffer): Sealed =>
  `sealed.${keys}.${number}.${content.toString('base64url')}` as Sealed;

/** What sealed text may be about. It is the name of a key, too. */
export const subjectOf = {
  order: (orderId: string): string => `order~${orderId}`,
  user: (userId: string): string => `user~${userId}`,
} as const;
