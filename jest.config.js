const common = {
  testEnvironment: 'node',
  transform: { '^.+\\.(ts|js)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'], // an ES module, which Jest takes only as it takes ours
  modulePathIgnorePatterns: ['/cdk.out/', '/.local/'],
  setupFiles: ['<rootDir>/test/support/environment.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/support/timeout.ts'],
};

/** `unit` runs in one process; `flow` talks to a local AWS that its global set-up starts and deploys to. */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.flow\\.test\\.ts$'],
      globalSetup: '<rootDir>/test/support/start-unit-run.js',
      globalTeardown: '<rootDir>/test/support/stop-unit-run.js',
    },
    {
      ...common,
      displayName: 'flow',
      testMatch: ['<rootDir>/test/**/*.flow.test.ts'],
      globalSetup: '<rootDir>/test/support/start-flow-system.js',
      globalTeardown: '<rootDir>/test/support/stop-flow-system.js',
    },
  ],
  testSequencer: '<rootDir>/test/support/in-order.sequencer.js',
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.js'],
};
