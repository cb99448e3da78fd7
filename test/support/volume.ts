const parts = { tenth: 1 / 10, third: 1 / 3, full: 1 };

export const { VOLUME = 'tenth' } = process.env;
const part = new Map(Object.entries(parts)).get(VOLUME);
if (part === undefined) throw new Error(`VOLUME=${VOLUME}: must be ${Object.keys(parts).join(', ')}`);

/** Whether every figure is reached, as in the nightly run: `VOLUME=full`. */
export const isFull = part === parts.full;

/** How often something is tried: as often as its figure says with `VOLUME=full`, a third of that or a tenth otherwise. */
export const volume = (full: number): number => Math.ceil(full * part);
