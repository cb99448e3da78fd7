import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { type GivenContext, readConfig } from '../../lib/config';
import { OrderSystemStack } from '../../lib/order-system.stack';

export type StageName = 'local' | 'dev' | 'prod';

export const given: Record<StageName, GivenContext> = {
  local: { stage: 'local' },
  dev: { stage: 'dev' },
  prod: { stage: 'prod', senderEmail: 'orders@example.com', alarmEmail: 'ops@example.com' },
};

/** The stack of one stage as `cdk synth` makes it, without the functions' code. */
export const stackOf = (stage: StageName) => {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const env = { account: '111111111111', region: 'us-east-1' };
  const stack = new OrderSystemStack(app, 'OrderSystemStack', { config: readConfig(given[stage]), build: 'abc', env });
  return { app, stack };
};

export const templateOf = (stage: StageName): Template => Template.fromStack(stackOf(stage).stack);
