const Sequencer = require('@jest/test-sequencer').default;

/** Runs test files in the order of their paths, so that the search of all logs comes after what writes them. */
module.exports = class InOrderSequencer extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => one.path.localeCompare(other.path));
  }
};
