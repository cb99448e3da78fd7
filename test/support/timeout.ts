jest.setTimeout(300_000); // a busy machine takes its time; what a test waits for is a condition all the same
