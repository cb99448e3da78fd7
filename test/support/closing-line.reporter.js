/** Ends a run with one line that tools can read: `N passed, N failed`. A suite that cannot start counts as a failure. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites + numPendingTests; // a skipped test proves nothing
    process.stdout.write(`\n${numPassedTests} passed, ${failed} failed\n`);
  }
};
