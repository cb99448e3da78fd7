import * as z from 'zod';

const rule = 'must be an https:// address without a user name or password, blanks or control characters';

// a URL parser drops or replaces these silently
const unsafe = /[\p{Cc}\p{Z}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** Characters that a URL parser leaves but that may end an HTML attribute. */
const escapes: Readonly<Record<string, string>> = { "'": '%27', '`': '%60' };

const canonical = (text: string): string => {
  const isParseable = text.isWellFormed() && !unsafe.test(text) && URL.canParse(text);
  return isParseable ? new URL(text).href.replaceAll(/['`]/g, (sign) => escapes[sign] ?? sign) : text;
};

const isAddress = (text: string): boolean => {
  if (!text.isWellFormed() || unsafe.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, href } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && href === text;
};

/** The address of a page or an image, stored in the parser's form with characters that end HTML attributes escaped. */
export const HttpsUrl = z
  .string()
  .max(500)
  .regex(/^https:\/\/[^\s]+$/i, { error: rule, abort: true })
  .overwrite(canonical)
  .refine(isAddress, { error: rule, abort: true })
  .refine((href) => href.length <= 500, 'must have at most 500 characters when it is escaped')
  .meta({ examples: ['https://example.com/hanako.png'] });
