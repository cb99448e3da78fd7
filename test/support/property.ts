/** How often a property is tried, always with the same values. PROPERTY_SEED=… tries others; a failure prints its seed. */
export const runs = (numRuns: number) => ({ numRuns, seed: Number(process.env.PROPERTY_SEED ?? 20_261_121) });
