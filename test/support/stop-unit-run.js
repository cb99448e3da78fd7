const { rmSync } = require('node:fs');

/** Jest's global tear-down of the unit tests: removes the folder of the run. */
module.exports = () => rmSync(process.env.SYNTHESIZED, { recursive: true, force: true });
