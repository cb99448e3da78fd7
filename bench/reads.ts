import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { stackResources } from '../scripts/lib/system/stack-resources';
import { cloudFormationAt } from '../scripts/local/deployment/stack';
import type { DeployedFunction } from './assembly';
import { type Reads, startCountingProxy } from './counting-proxy';
import type { LocalSystem } from './local-system';

type Invoked = { readonly reads: Reads; readonly answer: unknown };

const deployedName = async ({ endpoint }: LocalSystem, { name, logicalId }: DeployedFunction): Promise<string> => {
  const found = (await stackResources(cloudFormationAt(endpoint))).find((resource) => resource.logicalId === logicalId);
  if (found === undefined) throw new Error(`${name} is not deployed`);
  return found.id;
};

const setVariables = async ({ lambda }: LocalSystem, FunctionName: string, Variables: Record<string, string>) => {
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
};

/** Invokes a deployed function once, and tells what it answered and what it read from DynamoDB for it. */
export const countReads = async (system: LocalSystem, fn: DeployedFunction, event: unknown): Promise<Invoked> => {
  const FunctionName = await deployedName(system, fn);
  const { Environment } = await system.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const before = Environment?.Variables ?? {};
  const proxy = await startCountingProxy(system.endpoint);
  try {
    await setVariables(system, FunctionName, { ...before, AWS_ENDPOINT_URL: proxy.endpoint });
    const Payload = Buffer.from(JSON.stringify(event));
    const { FunctionError, Payload: payload } = await system.lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const text = Buffer.from(payload ?? []).toString('utf8');
    if (FunctionError !== undefined) throw new Error(`${fn.name} failed: ${text}`);
    return { reads: proxy.take(), answer: text === '' ? undefined : JSON.parse(text) };
  } finally {
    await setVariables(system, FunctionName, before);
    proxy.stop();
  }
};
