/** Jest's global tear-down of the flow tests: ends what the set-up started. */
module.exports = async () => globalThis.flowSystem?.stop();
