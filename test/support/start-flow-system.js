/** Jest's global set-up of the flow tests: a local AWS of their own, deployed to, unless whoever runs Jest gives one. */
module.exports = async () => {
  if (process.env.FLOW_FOLDER !== undefined) return;
  const { startFlowSystem } = require('./flow-system');
  globalThis.flowSystem = await startFlowSystem('jest');
  Object.assign(process.env, globalThis.flowSystem.environment);
};
