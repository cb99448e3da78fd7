type TaxedLine = { readonly lineTotal: number; readonly taxRateBps: number };

/** Divides two non-negative integers and rounds half up. */
const halfUp = (numerator: number, denominator: number): number =>
  Math.floor((2 * numerator + denominator) / (2 * denominator));

/** Returns the tax in minor units, rounded half up once per tax rate, as Japan's invoice system requires. */
export const taxOf = (lines: readonly TaxedLine[]): number => {
  const bases = new Map<number, number>();
  for (const { lineTotal, taxRateBps } of lines) bases.set(taxRateBps, (bases.get(taxRateBps) ?? 0) + lineTotal);
  return [...bases].reduce((tax, [rate, base]) => tax + halfUp(base * rate, 10_000), 0);
};
