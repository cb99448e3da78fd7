const { createHash, randomInt } = require('node:crypto');
const Sequencer = require('@jest/test-sequencer').default;

/** Files that take minutes: they begin first, so that nobody waits for one alone at the end. */
const long = /start\.flow|replay(-alerts)?\.flow|sign-in\.flow|alerts\.flow|isolation\.flow/;

/**
 * Flows run in an order that nobody can rely on. It follows from a seed, which is printed: `FILE_ORDER=4711` repeats it.
 * All other files are in Jest's own order, where the slowest come first.
 */
module.exports = class OrderOfFiles extends Sequencer {
  sort(tests) {
    if (!tests.some(({ path }) => /\.(flow|serial)\.test\.ts$/.test(path))) return super.sort(tests);
    const seed = process.env.FILE_ORDER ?? String(randomInt(10_000));
    process.stderr.write(`The order of files: FILE_ORDER=${seed}\n`);
    const rank = ({ path }) =>
      `${long.test(path) ? 0 : 1} ${createHash('sha256').update(`${seed} ${path}`).digest('hex')}`;
    return [...tests].sort((one, other) => rank(one).localeCompare(rank(other)));
  }
};
