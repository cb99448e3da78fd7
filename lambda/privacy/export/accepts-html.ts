type Range = { readonly type: string; readonly quality: number };

const rangeOf = (text: string): Range => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
};

/** Returns the weight of a media type, by the most specific range that matches it. */
const qualityOf = (ranges: readonly Range[], type: string): number => {
  const [family] = type.split('/');
  const matching = [type, `${family}/*`, '*/*'].flatMap((name) => ranges.find((range) => range.type === name) ?? []);
  return matching[0]?.quality ?? 0;
};

/** Returns whether the header `Accept` prefers a page to JSON. Without the header it does not. */
export const prefersHtml = (accept: string | undefined): boolean => {
  const ranges = (accept ?? '').split(',').map(rangeOf);
  return qualityOf(ranges, 'text/html') > qualityOf(ranges, 'application/json');
};
