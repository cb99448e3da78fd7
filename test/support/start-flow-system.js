/** Jest's global set-up of the flow tests: a local AWS of their own, deployed to. */
module.exports = async () => {
  const { startFlowSystem } = require('./flow-system');
  globalThis.flowSystem = await startFlowSystem();
};
