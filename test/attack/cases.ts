import { createHash } from 'node:crypto';
import type { Settings } from './part';

/** The seed of one case: it stays the same whatever other cases there are. */
export const seedOf = (seed: number, name: string): number =>
  createHash('sha256').update(`${seed} ${name}`).digest().readInt32BE(0);

/** The cases of a run: all that match, or a sample of about so many. */
export const chosen = <Case extends { readonly name: string }>(
  all: readonly Case[],
  { seed, short, match = '' }: Settings,
  sample: number,
): Case[] => {
  const matching = all.filter(({ name }) => name.includes(match));
  if (!short || match !== '' || matching.length <= sample) return matching;
  const order = matching.map((one) => ({ one, rank: seedOf(seed, one.name) }));
  return order
    .sort((a, b) => a.rank - b.rank)
    .slice(0, sample)
    .map(({ one }) => one);
};
