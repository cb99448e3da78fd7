const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Jest's global set-up of the unit tests: one folder for what a run leaves behind, and for templates that files share. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  Object.assign(process.env, { TMPDIR: folder, SYNTHESIZED: folder });
};
