// product code logs and counts for operators; a test run is quiet, and what it checks of logs it reads by itself
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';
process.env.AWS_REGION ??= 'us-east-1'; // Lambda names it to every function
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION ??= 'false'; // CloudFormation's rules take seconds a template: synth.test.ts and the linters apply them
