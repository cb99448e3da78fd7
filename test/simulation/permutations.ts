import { seededRandom } from './random';

/** Every order in which the items can come; copies of the same item are not told apart. */
export const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : [...new Set(items)].flatMap((first) => {
        const at = items.indexOf(first);
        return permutations(items.filter((_, index) => index !== at)).map((rest) => [first, ...rest]);
      });

export const shuffled = <T>(items: readonly T[], seed: number): T[] => {
  const random = seededRandom(seed);
  const left = [...items];
  return items.flatMap(() => left.splice(random.below(left.length), 1));
};
