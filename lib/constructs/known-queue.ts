import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accept, wildcardOn } from './accept';
import type { SendableQueue } from './service-queue';

export interface KnownQueueProps {
  readonly queueName: string;
  /** The alias of the key that encrypts the queue: `alias/order-system-data`. @default a key that SQS owns */
  readonly keyAlias?: string | undefined;
}

/** Imports a queue of another stack in this account and region by its name, without a reference to that stack. */
export const knownQueue = (scope: Construct, id: string, { queueName, keyAlias }: KnownQueueProps): SendableQueue => {
  const known = new Construct(scope, id);
  const queueArn = Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
  // IAM does not accept an alias as the resource of its key's use: it is a condition on every key of the account
  const key = keyAlias === undefined ? undefined : Alias.fromAliasName(known, 'Key', keyAlias);
  const everyKey = Stack.of(scope).formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  const allowSend: SendableQueue['allowSend'] = (handler) => {
    Grant.addToPrincipal({ grantee: handler, actions: ['sqs:SendMessage'], resourceArns: [queueArn] });
    key?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
    const reason = "Another app's key is known only by its alias, which is a condition on the keys of the account.";
    if (key !== undefined && handler.role) accept(handler.role, reason, wildcardOn(scope, everyKey));
  };
  return Object.assign(Queue.fromQueueArn(known, 'Queue', queueArn), { allowSend });
};
