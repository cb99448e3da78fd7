import { execFileSync } from 'node:child_process';
import {
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  paginateListFunctions,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { eventually, functionName, lambda } from './flow';

const ours = async (): Promise<string[]> => {
  const names: string[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    names.push(...Functions.map(({ FunctionName = '' }) => FunctionName));
  return names.filter((name) => name.startsWith('OrderSystemStack-'));
};

/** Points every function at another endpoint, or back at the emulator itself. */
export const pointFunctionsAt = async (endpoint: string | undefined) => {
  for (const FunctionName of await ours()) {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { AWS_ENDPOINT_URL: _, ...Variables } = Environment?.Variables ?? {};
    const changed = endpoint === undefined ? Variables : { ...Variables, AWS_ENDPOINT_URL: endpoint };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: changed } }));
  }
};

/** Does `work` while a function's variable says something else. */
export const withVariable = async (
  functionPart: string,
  variable: Record<string, string>,
  work: () => Promise<void>,
) => {
  const FunctionName = await functionName(functionPart);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const set = (Variables: Record<string, string>) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  const before = { ...Environment?.Variables };
  await set({ ...before, ...variable });
  try {
    await work();
  } finally {
    await set(before);
  }
};

/** Stops or starts the delivery of a queue or a stream to a function. */
export const setDelivery = async (functionPart: string, Enabled: boolean) => {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: await functionName(functionPart) }),
  );
  for (const { UUID } of EventSourceMappings) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  const wanted = Enabled ? 'Enabled' : 'Disabled';
  await eventually(`deliveries to ${functionPart} are ${wanted}`, async () => {
    const { EventSourceMappings: now = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: await functionName(functionPart) }),
    );
    return now.every(({ State }) => State === wanted);
  });
};

/** The workers of the emulator that this test run started, by their process ID. */
export const workers = (): number[] => {
  const emulator = Number(process.env.FLOW_EMULATOR_PID);
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === emulator && args.at(-1)?.endsWith('_worker.js'))
    .map(([pid]) => Number(pid));
};

/** Ends a worker in the middle of whatever it does. False when it had ended by itself. */
export const kill = (pid: number): boolean => {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};
