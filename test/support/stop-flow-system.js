/** Jest's global tear-down of the flow tests: looks through the logs, and ends what the set-up started. */
module.exports = async () => {
  const system = globalThis.flowSystem;
  delete globalThis.flowSystem;
  await system?.end();
};
