import { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';

export interface ServiceLogsProps {
  readonly config: StageConfig;
  /** The service's folder: `order`. */
  readonly service: string;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Returns the log group of a service, shared by all of its functions in a stack. */
export const serviceLogs = (scope: Construct, { config, service, encryptionKey }: ServiceLogsProps): LogGroup => {
  const stack = Stack.of(scope);
  const id = `${service.charAt(0).toUpperCase()}${service.slice(1)}Logs`;
  const existing = stack.node.tryFindChild(id);
  if (existing instanceof LogGroup) return existing;
  return new LogGroup(stack, id, {
    retention: config.logRetentionDays,
    removalPolicy: removalPolicy(config),
    encryptionKey,
  });
};
