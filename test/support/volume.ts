const { VOLUME = 'tenth' } = process.env;
if (VOLUME !== 'tenth' && VOLUME !== 'full') throw new Error(`VOLUME=${VOLUME}: must be "tenth" or "full"`);

/** Whether every figure is reached, as in the nightly run: `VOLUME=full`. */
export const isFull = VOLUME === 'full';

/** How often something is tried: as often as its figure says with `VOLUME=full`, a tenth of that otherwise. */
export const volume = (full: number): number => (isFull ? full : Math.ceil(full / 10));
