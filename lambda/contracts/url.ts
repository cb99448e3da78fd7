import * as z from 'zod';

const rule = 'must be an https:// address without a user name or password, blanks or control characters';

// a URL parser drops or mends these in silence
const unsafe = /[\p{Cc}\p{Z}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** What a URL parser leaves, and may end an attribute of HTML all the same. */
const escapes: Readonly<Record<string, string>> = { "'": '%27', '`': '%60' };

const canonical = (text: string): string => {
  const isMendable = text.isWellFormed() && !unsafe.test(text) && URL.canParse(text);
  return isMendable ? new URL(text).href.replaceAll(/['`]/g, (sign) => escapes[sign] ?? sign) : text;
};

const isAddress = (text: string): boolean => {
  if (!text.isWellFormed() || unsafe.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, href } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && href === text;
};

/** The address of a page or an image, kept as a URL parser writes it: what would end an attribute of HTML is escaped. */
export const HttpsUrl = z
  .string()
  .max(500)
  .regex(/^https:\/\/[^\s]+$/i, { error: rule, abort: true })
  .overwrite(canonical)
  .refine(isAddress, { error: rule, abort: true })
  .refine((href) => href.length <= 500, 'must have at most 500 characters when it is escaped')
  .meta({ examples: ['https://example.com/hanako.png'] });
