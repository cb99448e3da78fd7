import { Stack } from 'aws-cdk-lib';
import { CfnTopicPolicy, type ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy, type IQueue } from 'aws-cdk-lib/aws-sqs';

// in the policy of a queue or topic, `*` is that queue or topic, so one document serves many of them
const tlsOnly = (action: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: action,
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

/** Requires TLS for a topic, by one policy for all such topics of a stack. */
export const publishOverTls = (topic: ITopic): void => {
  const stack = Stack.of(topic);
  const existing = stack.node.tryFindChild('TlsOnlyTopics');
  if (existing instanceof CfnTopicPolicy) existing.topics = [...existing.topics, topic.topicArn];
  else new CfnTopicPolicy(stack, 'TlsOnlyTopics', { topics: [topic.topicArn], policyDocument: tlsOnly('sns:Publish') });
};

/** Requires TLS for a queue that only functions send to, by one policy for all such queues of a stack. */
export const sendOverTls = (queue: IQueue): void => {
  const stack = Stack.of(queue);
  const existing = stack.node.tryFindChild('TlsOnlyQueues');
  if (existing instanceof CfnQueuePolicy) existing.queues = [...existing.queues, queue.queueUrl];
  else new CfnQueuePolicy(stack, 'TlsOnlyQueues', { queues: [queue.queueUrl], policyDocument: tlsOnly('sqs:*') });
};
