import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { DeployedFunction } from './assembly';
import type { Call, StubAws } from './stub-aws';

const workerFile = join(__dirname, 'worker.mjs');

/** What Lambda gives every function, with an AWS at `endpoint`. */
export const lambdaEnvironment = (
  endpoint: string,
  { name, memory, environment }: DeployedFunction,
): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  LANG: 'C.UTF-8',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
  AWS_LAMBDA_LOG_LEVEL: 'INFO',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: '/var/task',
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: endpoint,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  ...environment,
});

type Message = { loaded?: true; failed?: string; id?: number; result?: unknown; error?: string };

/** What one invocation did: its answer, and its calls to AWS in their order. */
export type Invocation = { readonly result: unknown; readonly calls: readonly Call[] };

const nextMessage = (child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a function ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });

/** Loads a deployed bundle into a process of its own, with the stub as its AWS. */
export const startFunction = async (fn: DeployedFunction, aws: StubAws) => {
  const env = lambdaEnvironment(aws.endpoint, fn);
  const child = fork(workerFile, [fn.bundle], { env, execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let logBytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    logBytes += chunk.length;
  });
  const { failed } = await nextMessage(child);
  if (failed !== undefined) throw new Error(`${fn.name} does not start: ${failed}`);
  aws.take(); // what it called while it loaded is no order's
  let id = 0;
  return {
    ...fn,
    invoke: async (event: unknown): Promise<Invocation> => {
      id += 1;
      child.send({ id, event });
      const { result, error } = await nextMessage(child);
      if (error !== undefined) throw new Error(`${fn.name} failed: ${error}`);
      return { result, calls: aws.take() };
    },
    /** Ends it and answers with how many bytes it logged. */
    stop: (): Promise<number> =>
      new Promise((resolve) => {
        child.once('close', () => resolve(logBytes));
        child.kill();
      }),
  };
};

export type RunningFunction = Awaited<ReturnType<typeof startFunction>>;
