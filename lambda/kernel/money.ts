type TaxedLine = { readonly lineTotal: number; readonly taxRateBps: number };

/** Half up for the non-negative numbers that money is made of. */
const halfUp = (numerator: number, denominator: number): number =>
  Math.floor((2 * numerator + denominator) / (2 * denominator));

/** Tax in minor units, rounded half up once per tax rate, as Japan's invoice rule has it. */
export const taxOf = (lines: readonly TaxedLine[]): number => {
  const bases = new Map<number, number>();
  for (const { lineTotal, taxRateBps } of lines) bases.set(taxRateBps, (bases.get(taxRateBps) ?? 0) + lineTotal);
  return [...bases].reduce((tax, [rate, base]) => tax + halfUp(base * rate, 10_000), 0);
};
