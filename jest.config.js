const common = {
  testEnvironment: 'node',
  transform: { '^.+\\.(ts|js)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'], // an ES module, which Jest takes only as it takes ours
  modulePathIgnorePatterns: ['/cdk.out/', '/.local/'],
  setupFiles: ['<rootDir>/test/support/environment.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/support/timeout.ts'],
};

const onFlowSystem = {
  globalSetup: '<rootDir>/test/support/start-flow-system.js',
  globalTeardown: '<rootDir>/test/support/stop-flow-system.js',
};

/**
 * `unit` needs no AWS. `flow` and `serial` talk to a local AWS that their global set-up starts and deploys to: flows beside each
 * other, each in a tenant of its own; serial ones alone, since they change what all share or need the whole machine.
 */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(flow|serial)\\.test\\.ts$'],
      globalSetup: '<rootDir>/test/support/start-unit-run.js',
      globalTeardown: '<rootDir>/test/support/stop-unit-run.js',
    },
    {
      ...common,
      displayName: 'flow',
      testMatch: ['<rootDir>/test/**/*.flow.test.ts'],
      ...onFlowSystem,
    },
    {
      ...common,
      displayName: 'serial',
      testMatch: ['<rootDir>/test/**/*.serial.test.ts'],
      ...onFlowSystem,
    },
  ],
  testSequencer: '<rootDir>/test/support/order-of-files.sequencer.js',
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.js'],
};
