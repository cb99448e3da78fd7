import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { commonWords } from './common-words';

const strong = 4; // of 0 to 4: more than 10^10 guesses

const strength = new ZxcvbnFactory({ dictionary: { common: commonWords } });

/**
 * Returns whether a password is among the first 10^10 that somebody would try: a common one with capitals, digits and
 * symbols put on, rows of keys, repetitions, or what is known of its owner (`known`: address, name).
 */
export const isEasyToGuess = (password: string, known: readonly string[]): boolean =>
  strength.check(
    password,
    known.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((text) => text.length > 2),
  ).score < strong;
