const weight = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

type Range = { readonly tag: string; readonly quality: number };

/** Parses one range of the header, such as `en-GB;q=0.8`. A range whose weight RFC 9110 does not allow is ignored. */
const rangeOf = (text: string): Range[] => {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (tag === '') return [];
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? '1' : weight.exec(given)?.[1];
  return quality === undefined ? [] : [{ tag, quality: Number(quality) }];
};

const matches = (tag: string, language: string): boolean => tag === language || tag.split(/[-_]/)[0] === language;

/** Returns a language's weight, by the ranges that match it, else by `*`; undefined without either. */
const qualityOf = (ranges: readonly Range[], language: string): number | undefined => {
  const named = ranges.filter(({ tag }) => matches(tag, language));
  const counted = named.length > 0 ? named : ranges.filter(({ tag }) => tag === '*');
  return counted.length === 0 ? undefined : Math.max(...counted.map(({ quality }) => quality));
};

/**
 * Returns the language preferred by `Accept-Language` (RFC 9110, with the lookup of RFC 4647); of equal weights, the
 * one that the header names first. When it accepts none, returns the first language that it does not refuse with `q=0`,
 * or else the first of `languages`.
 */
export const preferredLanguage = <Language extends string>(
  header: string | undefined,
  languages: readonly [Language, ...Language[]],
): Language => {
  const ranges = (header ?? '').split(',').flatMap(rangeOf);
  const placeOf = (language: Language) => ranges.findIndex(({ tag }) => tag === '*' || matches(tag, language));
  const weighed = languages
    .map((language) => ({ language, quality: qualityOf(ranges, language), place: placeOf(language) }))
    .sort((a, b) => (b.quality ?? 0) - (a.quality ?? 0) || a.place - b.place);
  const [best] = weighed;
  if (best?.quality !== undefined && best.quality > 0) return best.language;
  return weighed.find(({ quality }) => quality === undefined)?.language ?? languages[0];
};
