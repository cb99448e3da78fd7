import { App } from 'aws-cdk-lib';
import { readContext } from '../../lib/context';
import { alarmTopicName, aliasIn, deadLetterQueueName, nameIn, stackNameOf, topicNames } from '../../lib/names';
import { synthesize } from './synthesize';

test.each([
  ['local', 'order-events', 'StorefrontStack', 'alias/order-system-data'],
  ['dev', 'dev-order-events', 'StorefrontStack-dev', 'alias/dev-order-system-data'],
  ['prod', 'order-events', 'StorefrontStack-prod', 'alias/order-system-data'],
] as const)('stage %s: the topic is %s, the stack %s, the key %s', (stage, topic, stack, alias) => {
  expect(nameIn(stage, 'order-events')).toBe(topic);
  expect(stackNameOf(stage, 'StorefrontStack')).toBe(stack);
  expect(aliasIn(stage, 'order-system-data')).toBe(alias);
});

describe('the names by which other apps know the order system are those it has', () => {
  const { ofType } = synthesize('prod');
  const named = (type: string, name: string) => ofType(type).map(({ properties }) => properties[name]);

  test('the topics, and the one that notifies operations of alarms', () => {
    expect(named('SNS::Topic', 'TopicName').sort()).toEqual([...topicNames, alarmTopicName].sort());
  });

  test('the dead-letter queue', () => expect(named('SQS::Queue', 'QueueName')).toContain(deadLetterQueueName));
});

describe('what both apps read of the command line', () => {
  const read = (context: Record<string, unknown>, endpoint?: string) =>
    readContext(new App({ context }).node, endpoint);

  test('a stage that is not given is local where an endpoint is set, and dev on AWS', () => {
    expect(read({}).stage).toBe('dev');
    expect(read({}, 'http://127.0.0.1:4566').stage).toBe('local');
    expect(read({ stage: 'prod' }, 'http://127.0.0.1:4566').stage).toBe('prod');
  });

  test('each value arrives under its name', () => {
    const given = { senderEmail: 'a@example.com', alarmEmail: 'b@example.com', corsOrigins: '*', live: 'off' };
    const auth = { auth: 'oidc', issuer: 'i', audience: 'a', jwksUri: 'j', tenantClaim: 't', rolesClaim: 'r' };
    const providers = { stripeUrl: 's', paypayUrl: 'p', returnUrl: 'r' };
    const more = { services: 'core', senderIdentity: 'example.com', deletionProtection: 'on' };
    const all = { stage: 'dev', ...given, ...more, ...auth, ...providers };
    expect(read(all)).toEqual(all);
  });
});
