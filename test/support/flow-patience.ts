jest.setTimeout(120_000); // a busy machine takes long to start a function; what is waited for is a condition all the same
