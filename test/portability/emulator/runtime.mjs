// One execution environment of a function: takes an invocation a line from stdin and answers with a line on the descriptor it is told.
// What the function prints goes to stdout, as on Lambda. It ends when stdin does, so none outlives the emulator.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const descriptor = Number(process.argv[2]);
const answer = (message) => writeSync(descriptor, `${JSON.stringify(message)}\n`);

const asError = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? error).split('\n'),
});

const die = (errorType) => (error) => {
  process.stdout.write(`${new Date().toISOString()}\tERROR\t${errorType}\t${JSON.stringify(asError(error))}\n`);
  answer({ error: { ...asError(error), errorType: `Runtime.${errorType}` } });
  process.exit(1);
};

process.on('uncaughtException', die('UncaughtException'));
process.on('unhandledRejection', die('UnhandledPromiseRejection'));

const { _HANDLER = 'index.handler', LAMBDA_TASK_ROOT = process.cwd(), AWS_LAMBDA_FUNCTION_TIMEOUT } = process.env;

const loadHandler = async () => {
  const [file, name] = _HANDLER.split(/\.(?=[^.]*$)/);
  const loaded = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.js`)).href).catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
  });
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== 'function') throw new Error(`${_HANDLER} is not a function`);
  return handler;
};

const contextOf = ({ requestId, arn }) => {
  const endsAt = Date.now() + Number(AWS_LAMBDA_FUNCTION_TIMEOUT) * 1000;
  return {
    awsRequestId: requestId,
    invokedFunctionArn: arn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - Date.now()),
  };
};

const invoke = async (handler, invocation) => {
  process.env._X_AMZN_TRACE_ID = invocation.traceId;
  try {
    answer({ result: (await handler(JSON.parse(invocation.payload), contextOf(invocation))) ?? null });
  } catch (error) {
    process.stdout.write(
      `${new Date().toISOString()}\t${invocation.requestId}\tERROR\t${JSON.stringify(asError(error))}\n`,
    );
    answer({ error: asError(error) });
  }
};

const handler = await loadHandler().catch(die('ImportModuleError'));
answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) await invoke(handler, JSON.parse(line));
process.exit(0);
