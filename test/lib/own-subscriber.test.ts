import { Match, Template } from 'aws-cdk-lib/assertions';
import { QueueConsumer } from '../../lib/constructs/queue-consumer';
import { ServiceFunction } from '../../lib/constructs/service-function';
import { Messaging } from '../../lib/messaging';
import { stackOf } from './stacks';

test('S1-25 who wants to receive confirmed orders alone gets a queue with nothing else in it', () => {
  const { stack } = stackOf('local');
  const constructs = stack.node.findAll();
  const messaging = constructs.find((construct) => construct instanceof Messaging);
  const handler = constructs.find((construct) => construct instanceof ServiceFunction);
  if (messaging === undefined || handler === undefined) throw new Error('the stack has neither topics nor functions');
  new QueueConsumer(stack, 'Confirmed', {
    queueName: 'order-confirmed-sub',
    topic: messaging.orderEvents,
    eventTypes: ['OrderConfirmed.v2'],
    deadLetterQueue: messaging.deadLetterQueue,
    handler,
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'order-confirmed-sub' });
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'sqs',
    RawMessageDelivery: true,
    Endpoint: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Confirmed'), 'Arn'] },
    FilterPolicy: { type: ['OrderConfirmed.v2', 'OrderConfirmed.v1'] },
  });
});
